// The program that plays set-top boxes, as a process of this machine or in a container of the run, where
// groups reach it. It ends with the fleet that started it.

import { createInterface } from 'node:readline';
import { openBoxes, type Boxes } from './boxes.ts';
import type { FromBoxes, ToBoxes } from './messages.ts';

const say = (message: FromBoxes): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

let boxes: Boxes | undefined;

function obey(message: ToBoxes): void {
  switch (message.does) {
    case 'start':
      boxes = openBoxes(message.settings, (record) => say({ type: 'record', record }));
      return;
    case 'join':
      return boxes?.join(message.launches);
    case 'leave':
      boxes?.leave(message.viewers);
      return say({ type: 'left' });
  }
}

function end(): void {
  // Decoders are children of their own.
  boxes?.leave();
  process.exit(0);
}

createInterface({ input: process.stdin }).on('line', (line) => obey(JSON.parse(line) as ToBoxes));
process.stdin.once('end', end).once('error', end);
process.stdout.once('error', end);
process.once('SIGTERM', end);
// Ctrl-C is for the harness, which heals first and then lets viewers leave.
process.on('SIGINT', () => undefined);
say({ type: 'ready' });
