// Three designs under the same cut, three runs each, as `compare` computes it: one that stands
// still, one that switches fast, one of which no run proves anything.

import { compare } from '../../harness/measure/compare.ts';
import type { Comparison } from '../../harness/model/comparison.ts';
import type { Report, Verdict } from '../../harness/model/report.ts';
import { sampleReport, summaryOf } from './sampleReport.ts';

export function sampleComparison(changes: Partial<Comparison> = {}): Comparison {
  const runs = (factor: number, verdict: Verdict) =>
    [0, 900, -700].map((offMs) => scaled(factor, offMs, verdict));
  const single = design('single-access', 'One connection, no second path', 'low');
  const dual = design('dual-access-bfd', 'Two connections, BFD 3 x 300 ms', 'high');
  const untold = design('vpn-backup', 'A VPN over the internet behind one connection', 'medium');
  const checks = ['connect has no second path: every work on it is an outage'];
  const comparison = compare('access-link-work', [
    { design: single, reports: runs(1, 'fail'), checks },
    { design: dual, reports: runs(0.03, 'pass') },
    { design: untold, reports: runs(0.5, 'inconclusive'), checks: ['the backup was never tested'] },
  ]);
  return { ...comparison, compress: 60, seed: 20250912, ...changes };
}

const design = (name: string, title: string, costClass: 'low' | 'medium' | 'high') => ({
  name,
  title,
  costClass,
});

function scaled(factor: number, offMs: number, verdict: Verdict): Report {
  const { audience } = sampleReport();
  const black = [38_160, 39_840, 37_480, 40_360, 54_400, 38_120];
  const values = black.map((ms) =>
    Math.max(0, Math.round(ms * factor + offMs * Math.sqrt(factor))),
  );
  const measured = {
    blackScreenMs: summaryOf(values),
    programmeLossMs: summaryOf(values.map((ms) => ms + Math.round(5_000 * factor))),
  };
  return sampleReport({
    verdict,
    audience: {
      ...audience,
      ...measured,
      atMost: { ...audience.atMost, ...measured },
      recovered: factor < 1 ? 6 : 5,
    },
  });
}
