// Bytes in small pieces, with a wait after each: a link whose packets are torn apart.

import { count, duration, mapping } from '../fields/fields.ts';
import type { OnLinks } from '../model/scenario.ts';
import { writing, type LinkKind } from './kind.ts';
import { carriesAgain } from './words.ts';

export interface SliceFault extends OnLinks {
  readonly kind: 'slice';
  readonly pieceBytes: number;
  readonly delayMs: number;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    slice: SliceFault;
  }
}

export const slice: LinkKind<SliceFault> = {
  kind: 'slice',
  on: 'links',
  writings: {
    slice: writing({
      field: mapping('Pass bytes in small pieces.', {
        bytes: count('Size of a piece.', 1, 65_536),
        delay: duration('Wait after each piece.', '10s').prefault('1ms'),
      }),
      read: ({ bytes, delay }) => ({ kind: 'slice', pieceBytes: bytes, delayMs: delay }),
    }),
  },
  injected: ({ pieceBytes }, where) => `${where} passes ${pieceBytes} bytes at a time`,
  healed: carriesAgain,
  effect: ({ pieceBytes, delayMs }) => `${pieceBytes} bytes every ${delayMs} ms`,
  verb: () => ({ verb: 'chopped up', told: true }),
  toxics: ({ pieceBytes, delayMs }) => [
    {
      type: 'slicer',
      // Toxiproxy counts this delay in microseconds.
      attributes: { average_size: pieceBytes, size_variation: 0, delay: delayMs * 1000 },
    },
  ],
  numbers: ({ pieceBytes, delayMs }) => ({ passes: true, piece: { bytes: pieceBytes, delayMs } }),
  stream: () => ({ kind: 'pieces' }),
};
