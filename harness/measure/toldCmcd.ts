// Gathers what the players of viewers tell with their requests while a record is read.

import type { CmcdRecord } from '../model/cmcd.ts';
import type { FramesRecord, ViewerDescription } from '../model/history.ts';
import { hostLabel, labelInHost } from '../model/viewerHost.ts';
import { packed } from './packed.ts';
import { readCmcd } from './readCmcd.ts';

/** The words of one viewer's player. */
export interface Told {
  readonly requestsMs: Float64Array;
  /** Those that said that it starved. */
  readonly starvedMs: readonly number[];
  readonly bufferApartMs: Float64Array;
}

export interface GrowingCmcd {
  readonly record: (record: CmcdRecord | FramesRecord) => void;
  /** By the id of the viewer; those who told nothing are not there. */
  readonly stored: () => ReadonlyMap<string, () => Told>;
}

export function growingCmcd(viewers: readonly ViewerDescription[]): GrowingCmcd {
  const byLabel = new Map(viewers.map(({ id }) => [hostLabel(id), id]));
  const buffered = new Map<string, number>();
  const told = new Map<string, ReturnType<typeof growingTold>>();
  return {
    record: (record) => {
      if (record.type === 'frames') {
        buffered.set(record.viewer, record.player.bufferedMs);
        return;
      }
      const id = byLabel.get(labelInHost(record.host) ?? '');
      if (id === undefined) return;
      const own = told.get(id) ?? growingTold();
      told.set(id, own);
      own.record(record, buffered.get(id));
    },
    stored: () => new Map([...told].map(([id, { unpack }]) => [id, unpack] as const)),
  };
}

function growingTold() {
  const [requests, apart] = [packed(), packed()];
  const starvedMs: number[] = [];
  return {
    record: ({ atMs, says }: CmcdRecord, bufferedMs: number | undefined): void => {
      const { starved, bufferMs } = readCmcd(says);
      requests.push(atMs);
      if (starved) starvedMs.push(atMs);
      if (bufferMs !== undefined && bufferedMs !== undefined) apart.push(bufferMs - bufferedMs);
    },
    unpack: (): Told => ({
      requestsMs: requests.unpack().toSorted(),
      starvedMs: starvedMs.toSorted((a, b) => a - b),
      bufferApartMs: apart.unpack(),
    }),
  };
}
