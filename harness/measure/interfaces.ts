// The second witness of bytes between countries: what the interfaces of stages counted, held against
// the counters of the links that join them.

import { findCarrier } from '../design/countedLinks.ts';
import { listChannels, nameInstance } from '../design/flows.ts';
import { findHops, type Hop } from '../design/hops.ts';
import {
  INTERFACE_NOISE,
  type FrameCount,
  type InterfaceRecord,
  type InterfaceResult,
  type PassedRecord,
} from '../model/border.ts';
import { showBytes } from '../model/bytes.ts';
import type { HistoryRecord } from '../model/history.ts';
import { readTransport, type Design, type Stage } from '../model/scenario.ts';
import type { Recorded } from './recorded.ts';

/** Bytes of headers in a frame: Ethernet 14, IPv4 20, UDP 8 or TCP 20 with its time stamps 12. */
const HEADERS = { udp: 42, tcp: 66 } as const;

interface Range {
  readonly least: number;
  readonly most: number;
}

type Way = InterfaceResult['way'];

/** Gives both ways of each stage; none where no stage has an interface of its own. */
export function readInterfaces({ records, run }: Recorded): readonly InterfaceResult[] {
  const { design } = run.plan.scenario;
  const counts = records.filter((record) => record.type === 'interface');
  if (counts.length === 0) return [];
  return design.stages.flatMap((stage) => {
    const last = listInstances(design, stage).map((name) =>
      counts.findLast((count) => count.stage === name),
    );
    const hops = findHops(design).filter(({ from, to }) => from === stage || to === stage);
    return (['received', 'sent'] as const).map((way) => {
      const byLinks = countLinks(records, { hops, stage, way, readAt: last.at(-1) });
      const byInterface = leaveHeadersOut(
        last.map((count) => count?.[way]),
        hops,
      );
      return { stage: stage.name, way, ...compare(byLinks, byInterface, explainDoubt(last)) };
    });
  });
}

const listInstances = (design: Design, stage: Stage): readonly string[] => [
  ...new Set(listChannels(design).map((channel) => nameInstance(stage, channel))),
];

/** Undefined where every instance was kept to proxies, and read when the stages were about to end. */
function explainDoubt(last: readonly (InterfaceRecord | undefined)[]): string | undefined {
  if (last.some((count) => !count?.last)) return 'its interface was not read at the end';
  const said = last.find((count) => count?.doubt !== undefined)?.doubt;
  if (said !== undefined || last.every((count) => count?.closed)) return said;
  return `nothing kept it to proxies, and less than ${showBytes(INTERFACE_NOISE.bytes)} is not told apart`;
}

/** Takes the two counts that are nearest to each other. */
function compare(
  links: Range,
  seen: Range,
  unread: string | undefined,
): Pick<InterfaceResult, 'byLinks' | 'byInterface' | 'doubt'> {
  const byLinks = within(links, seen.least);
  const byInterface = within(seen, byLinks);
  const more = byInterface - byLinks;
  const tooMany = more > Math.max(INTERFACE_NOISE.bytes, byLinks * INTERFACE_NOISE.share);
  const doubt = unread ?? (tooMany ? `${showBytes(more)} passed no counter of a link` : undefined);
  return { byLinks, byInterface, ...(doubt !== undefined && { doubt }) };
}

const within = ({ least, most }: Range, wanted: number): number =>
  Math.min(Math.max(wanted, least), most);

/** Counters of links go on while interfaces are read: from the reading before it to that after it. */
function countLinks(
  records: readonly HistoryRecord[],
  {
    hops,
    stage,
    way,
    readAt,
  }: {
    readonly hops: readonly Hop[];
    readonly stage: Stage;
    readonly way: Way;
    readonly readAt: InterfaceRecord | undefined;
  },
): Range {
  const at = readAt ? records.indexOf(readAt) : 0;
  const sum = (flows: ReadonlyMap<string, PassedRecord>): number =>
    hops.reduce((total, hop) => total + bytesOver(hop, stage, way, flows), 0);
  const before = records.slice(0, at).filter((record) => record.type === 'passed');
  const after = records.slice(at).filter((record) => record.type === 'passed');
  const least = sum(new Map(before.map((one) => [one.flow, one])));
  const most = sum(new Map(after.toReversed().map((one) => [one.flow, one])));
  return { least, most: Math.max(least, most) };
}

function bytesOver(
  hop: Hop,
  stage: Stage,
  way: Way,
  flows: ReadonlyMap<string, PassedRecord>,
): number {
  const { name } = findCarrier(hop);
  const isAway = (hop.client === stage) === (way === 'sent');
  const bytes = [...flows].map(([flow, passed]) => {
    if (flow !== name && !flow.startsWith(`${name}.`)) return 0;
    const { forward, backward } = way === 'sent' ? (passed.given ?? passed) : passed;
    return isAway ? forward : backward;
  });
  return bytes.reduce((sum, one) => sum + one, 0);
}

/** A frame has the headers of its transport; where a stage has both, it is not known which. */
function leaveHeadersOut(counts: readonly (FrameCount | undefined)[], hops: readonly Hop[]): Range {
  const headers = hops.map((hop) => HEADERS[readTransport(findCarrier(hop))]);
  const payload = (header: number): number =>
    counts.reduce((sum, count) => sum + (count ? count.bytes - count.frames * header : 0), 0);
  return { least: payload(Math.max(...headers)), most: payload(Math.min(...headers)) };
}
