// A programme whose datagrams are lost on the way: damaged pictures by a foreign decoder, over SRT against
// plain datagrams; and what repair and bursts bring boxes that zap, against none, in one run.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aggregate } from '../../harness/measure/statistics.ts';
import type { Report } from '../../harness/model/report.ts';
import { LOSS, openLossyChain } from '../integration/pipeline/lossyChain.ts';
import { rehearse } from './rehearsal/usage.ts';
import { benchFolder } from '../support/benchFolder.ts';

type Seen = Report['viewers'];

const DRILL = 'lossy-access-repaired';
const GOALS = { repairedMin: 0.999, zapMsMax: 3_000 } as const;

export async function main(): Promise<void> {
  const met = [...(await compareSrt()), ...(await compareZaps())];
  if (met.includes(false)) process.exitCode = 1;
}

async function compareSrt(): Promise<boolean[]> {
  await using chain = await openLossyChain();
  const { proxy, group } = await chain.groupBehind('plain', false);
  await chain.lose(proxy);
  const plain = await chain.receive(`udp://${group}`);
  const srt = await chain.receiveSrt();
  const told = `${LOSS * 100} % lost`;
  return [
    line(
      `plain datagrams, ${told}`,
      `${plain.damaged} damaged places, ${plain.holes} holes, ${plain.pictures} pictures`,
      plain.damaged > 0,
    ),
    line(
      `SRT, ${told}`,
      `${srt.damaged} damaged places, ${srt.holes} holes, ${srt.pictures} pictures; ${srt.lost} datagrams lost`,
      srt.lost > 0 && srt.damaged + srt.holes === 0,
    ),
  ];
}

async function compareZaps(): Promise<boolean[]> {
  await using folder = await benchFolder();
  await rehearse(`scenarios/drills/${DRILL}.yaml`, folder.path);
  const report = JSON.parse(
    await readFile(join(folder.path, DRILL, 'latest', 'report.json'), 'utf8'),
  ) as Report;
  const inGroup = (name: string) => report.viewers.filter(({ group }) => group === name);
  return [
    repaired(report.viewers),
    zaps('with a burst', inGroup('with-burst')),
    zaps('without', inGroup('without-burst')),
  ];
}

function repaired(viewers: Seen): boolean {
  const sum = (of: 'repaired' | 'lost') =>
    viewers.reduce((all, { box }) => all + (box?.[of] ?? 0), 0);
  const missing = sum('repaired') + sum('lost');
  return line(
    '1 % lost, repaired',
    `${sum('repaired')} of ${missing} datagrams`,
    sum('repaired') >= GOALS.repairedMin * missing,
  );
}

function zaps(how: string, viewers: Seen): boolean {
  const all = viewers.flatMap(({ box }) => box?.zapMs ?? []);
  const p = (name: 'p50' | 'p95') => `${name} ${aggregate(name, all).toFixed(0)}`;
  return line(
    `zaps ${how}`,
    `${p('p50')}, ${p('p95')} ms, ${all.length} zaps`,
    how === 'without' || aggregate('p95', all) <= GOALS.zapMsMax,
  );
}

/** A figure; with a goal, whether it is met. */
function line(what: string, value: string, met = true): boolean {
  console.log(`${met ? '  ' : 'NO'} ${what.padEnd(32)} ${value}`);
  return met;
}

if (import.meta.main) await main();
