// Reads the fragments of a track's segments out of their files while the encoder still writes them.

import { open, stat } from 'node:fs/promises';

export interface GrowingOptions {
  /** The file of the n-th segment. */
  readonly file: (index: number) => string;
  /** Parts in a whole segment: the last one takes all that is left. */
  readonly parts: number;
  readonly onPart: (part: GrownPart) => void;
  readonly log: (text: string) => void;
}

export interface GrownPart {
  readonly index: number;
  readonly part: number;
  readonly body: Buffer;
}

export interface GrowingSegments {
  /** There may be something new; returns at once. */
  readonly look: () => void;
  /** The segment is complete: settles once its last part was told. The next one follows. */
  readonly finish: () => Promise<void>;
}

export function readGrowing({ file, parts, onPart, log }: GrowingOptions): GrowingSegments {
  let [index, part, from] = [0, 0, 0];
  let work = Promise.resolve();
  let busy = false;
  const tell = (body: Buffer) => {
    onPart({ index, part, body });
    part++;
    from += body.length;
  };
  const look = async () => {
    if (part >= parts - 1) return;
    for (const body of fragmentsIn(await readFrom(file(index), from))) {
      if (part < parts - 1) tell(body);
    }
  };
  const finish = async () => {
    const body = await readFrom(file(index), from);
    if (body.length > 0) tell(body);
    index++;
    part = 0;
    from = 0;
  };
  const queue = (step: () => Promise<void>) => {
    work = work.then(step).catch((error: unknown) => log(`parts: ${String(error)}`));
    return work;
  };
  return {
    look: () => {
      if (busy) return;
      busy = true;
      void queue(look).then(() => (busy = false));
    },
    finish: () => queue(finish),
  };
}

/** Empty for a file that is not there yet. */
async function readFrom(file: string, from: number): Promise<Buffer> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= from) return Buffer.alloc(0);
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(size - from),
      0,
      size - from,
      from,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const HEAD_BYTES = 8;

/** Cuts whole fragments off, each with the boxes before it: a fragment ends with its media (ISO/IEC 14496-12). Public for its test. */
export function fragmentsIn(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let start = 0;
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const end = at + bytes.readUInt32BE(at);
    if (end > bytes.length || end < at + HEAD_BYTES) break;
    if (bytes.toString('latin1', at + 4, at + HEAD_BYTES) === 'mdat') {
      found.push(bytes.subarray(start, end));
      start = end;
    }
    at = end;
  }
  return found;
}
