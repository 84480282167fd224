// Every kind of toxic. A new kind is a file beside this one and a line here.

import { bandwidth } from './bandwidth.ts';
import { duplicate } from './duplicate.ts';
import { latency } from './latency.ts';
import { limitData } from './limitData.ts';
import { limitTime } from './limitTime.ts';
import { noop } from './noop.ts';
import { packetLoss } from './packetLoss.ts';
import { reorder } from './reorder.ts';
import { resetPeer } from './resetPeer.ts';
import { sharedBandwidth } from './sharedBandwidth.ts';
import { slicer } from './slicer.ts';
import { slowClose } from './slowClose.ts';
import type { ToxicKind } from './stage.ts';
import { timeout } from './timeout.ts';

const KINDS: readonly ToxicKind[] = [
  bandwidth,
  duplicate,
  latency,
  limitData,
  limitTime,
  noop,
  packetLoss,
  reorder,
  resetPeer,
  sharedBandwidth,
  slicer,
  slowClose,
  timeout,
];

export const TOXIC_KINDS: ReadonlyMap<string, ToxicKind> = new Map(
  KINDS.map((kind) => [kind.type, kind]),
);
