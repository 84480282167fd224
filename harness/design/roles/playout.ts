// The head-end: the programme of each channel, sent in real time.

import { mapping, span, text } from '../../fields/fields.ts';
import type { PlayoutStage } from '../../model/scenario.ts';
import { role } from '../role.ts';

const keys = {
  source: mapping('The programme; a synthetic one is drawn when not said.', {
    file: text(
      'Path of a video file, from the folder of this file; it is played in a loop.',
    ).refine(
      (path) => !/^[a-z][a-z\d+.-]+:/i.test(path),
      'expected the path of a file: no address is fetched',
    ),
  }).optional(),
  sendBuffer: span('The programme that the sender may hold back before it drops.', '1m').prefault(
    '1s',
  ),
  reconnect: span('Wait between two attempts to connect.', '1h').prefault('500ms'),
  gop: span(
    'Group of pictures of the contribution: a decoder that comes anew waits for the next one.',
    '1m',
  ).prefault('1s'),
};

export const playout = role<PlayoutStage, typeof keys>({
  role: 'playout',
  word: 'Head-end: the programme, with the frame clock burnt in.',
  about: 'Head-end: plays the programme of each channel and sends it in real time.',
  follows: [],
  connects: 'itself',
  inputs: 'one',
  transports: [],
  carriesPicture: true,
  carriesFrames: true,
  perChannel: true,
  servesViewers: false,
  count: [1, Infinity],
  program: 'playout',
  memoryMb: 1024,
  commands: ['content', 'alertsInPicture'],
  tells: [
    ...(['framesIn', 'framesOut', 'framesFilled', 'framesDropped', 'programmeCounter'] as const),
    ...(['bytesOut', 'bytesDropped', 'connections', 'repliesIn', 'replyAgeMs'] as const),
  ],
  keys,
  read: ({ source, sendBuffer, reconnect, gop }) => ({
    source: source ? { kind: 'file', path: source.file } : { kind: 'synthetic' },
    sendBufferMs: sendBuffer,
    reconnectMs: reconnect,
    gopMs: gop,
  }),
  sendMs: ({ sendBufferMs }) => sendBufferMs,
  file: (stage) =>
    stage.source.kind === 'file'
      ? {
          path: stage.source.path,
          movedTo: (path) => ({ ...stage, source: { kind: 'file', path } }),
        }
      : undefined,
});
