// Says where what players tell of themselves differs from the ledger.

import type { Finding } from '../model/report.ts';
import { durationText } from './durationText.ts';
import type { SeenViewer } from './viewers.ts';

/** A difference between two witnesses of the same screen is told. */
export function cmcdFindings(audience: readonly SeenViewer[]): Finding[] {
  const compared = audience.flatMap(({ result: { id, cmcd } }) => (cmcd ? [{ id, ...cmcd }] : []));
  if (compared.length === 0) return [];
  const differing = compared.filter(
    ({ unseenMs, untoldMs }) => unseenMs.length + untoldMs.length > 0,
  );
  if (differing.length === 0) {
    const starved = compared.reduce((sum, one) => sum + one.starved, 0);
    const text = `the players of ${compared.length} viewers told by CMCD of ${starved} empty buffers: the ledger agrees`;
    return [{ rule: 'cmcd-agrees', verdict: 'pass', text }];
  }
  return differing.map(({ id, unseenMs, untoldMs }) => ({
    rule: 'cmcd-differs',
    verdict: 'pass',
    text: [
      ...(unseenMs.length > 0
        ? [
            `the player of ${id} told by CMCD of ${unseenMs.length} empty buffers while its screen showed the programme`,
          ]
        : []),
      ...(untoldMs.length > 0
        ? [
            `the screen of ${id} stalled ${untoldMs.length} times of which its CMCD says nothing (first at ${durationText(untoldMs[0]!)})`,
          ]
        : []),
    ].join('; '),
    atMs: Math.min(...unseenMs, ...untoldMs),
  }));
}
