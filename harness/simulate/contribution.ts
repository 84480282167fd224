// The way of a channel from its playout to a transcoder: the production sender, on a connection in
// virtual time whose packets each stand for a picture.

import { callAfter, type Clock } from '../kernel/clock.ts';
import type { MediaSettings, PlayoutStage } from '../model/scenario.ts';
import { PACKET_BYTES } from '../model/transportStream.ts';
import { startSender, type Dial, type Line, type Sender } from '../pipeline/playout/sender.ts';
import { TIMES } from './constants.ts';
import type { Flow } from './flow.ts';
import { decodePicture, encodePicture, PICTURE_BYTES, type Picture } from './picture.ts';

export interface ContributionOptions {
  readonly clock: Clock;
  readonly media: MediaSettings;
  readonly playout: Pick<PlayoutStage, 'sendBufferMs' | 'reconnectMs' | 'gopMs'>;
  /** Undefined where no link joins the two. */
  readonly flow: Flow | undefined;
  /** Tells whether the far side takes connections. */
  readonly isThere: () => boolean;
  readonly onPicture: (picture: Picture) => void;
}

export interface Contribution {
  readonly send: (picture: Picture, frame: number) => void;
  readonly stats: Sender['stats'];
  /** Breaks the connection, as when a program ends. */
  readonly breakOff: () => void;
}

export function startContribution(options: ContributionOptions, signal: AbortSignal): Contribution {
  const { clock, media, playout } = options;
  const lines = new Set<VirtualLine>();
  const dial: Dial = async (_to, ending) => {
    await clock.sleep(TIMES.connectMs, ending).catch(() => undefined);
    const refused = options.flow?.condition('forward').cut === 'refuse';
    if (refused || !options.isThere()) return new Error('connection refused');
    const line = openLine(options);
    lines.add(line);
    void line.ended.then(() => lines.delete(line));
    return line;
  };
  const framesHeld = (playout.sendBufferMs * media.fps) / 1000;
  const sender = startSender(
    {
      clock,
      dial,
      reconnectMs: playout.reconnectMs,
      note: () => undefined,
      to: { host: 'transcoder', port: 0 },
      limitBytes: Math.ceil(framesHeld) * PACKET_BYTES,
    },
    signal,
  );
  return {
    send: (picture, frame) => sender.send(makePacket(picture, frame, options)),
    stats: sender.stats,
    breakOff: () => lines.forEach((line) => line.close()),
  };
}

/** A picture, and whether a decoder can begin with it, in the size of a transport packet. */
function makePacket(
  picture: Picture,
  frame: number,
  { media, playout }: ContributionOptions,
): Buffer {
  const packet = encodePicture(picture, PACKET_BYTES);
  const gopFrames = Math.max(1, Math.round((playout.gopMs * media.fps) / 1000));
  packet.writeUInt8(frame % gopFrames === 0 ? 1 : 0, PICTURE_BYTES);
  return packet;
}

const CLOSED = 'the connection was closed';

interface VirtualLine extends Line {
  readonly ended: Promise<string>;
}

function openLine({ clock, media, flow, onPicture }: ContributionOptions): VirtualLine {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const ending = new AbortController();
  const decoder = createDecoder(clock, onPicture);
  /** Bytes of a picture on the link, of which one packet stands for. */
  const bytesReal = (media.contributionKbps * 1000) / 8 / media.fps;
  let handedOver = 0;
  let inKernel = 0;
  let last: Promise<unknown> = Promise.resolve();
  let underWay = 0;
  let dropping = false;
  const close = (why: string) => {
    ending.abort();
    end(why);
  };
  /** Under way at the same time, taken in order. */
  const cross = async (packet: Buffer, before: Promise<unknown>): Promise<void> => {
    const became = await flow?.cross('forward', bytesReal, ending.signal);
    await before;
    inKernel -= packet.length;
    underWay--;
    if (became === 'broken') close(CLOSED);
    else decoder.take(packet);
  };
  const isDropping = () => flow?.condition('forward').cut === 'drop';
  const closeAfterDrop = async (): Promise<void> => {
    dropping = true;
    while (isDropping()) await flow?.changed();
    close(CLOSED);
  };
  return {
    write: (bytes) => {
      handedOver += bytes.length;
      // A link that drops what passes acknowledges it.
      if (isDropping()) {
        if (!dropping) void closeAfterDrop();
        return;
      }
      // Nearly all pass at once, and promises for each are dear.
      if (underWay === 0 && (flow?.isFree('forward') ?? true)) return decoder.take(bytes);
      inKernel += bytes.length;
      underWay++;
      last = cross(bytes, last).catch(() => undefined);
    },
    waitingBytes: () => 0,
    handedOverBytes: () => handedOver,
    inKernelBytes: () => Promise.resolve(inKernel),
    onData: () => undefined,
    ended,
    close: () => close('stopping'),
  };
}

/** Begins with a picture that is whole in itself, and then needs a moment. */
function createDecoder(clock: Clock, onPicture: (picture: Picture) => void) {
  let readyAtEpochMs: number | undefined;
  return {
    take: (packet: Buffer) => {
      const now = clock.epochMs();
      if (packet.readUInt8(PICTURE_BYTES) === 1) readyAtEpochMs ??= now + TIMES.decoderStartMs;
      if (readyAtEpochMs === undefined) return;
      const dueEpochMs = Math.max(now + TIMES.decodeMs, readyAtEpochMs);
      const picture = decodePicture(packet);
      callAfter(clock, dueEpochMs - now, () => onPicture(picture));
    },
  };
}
