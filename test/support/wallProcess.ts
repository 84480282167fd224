// A process that holds a wall open and says where its profile is. Tests kill it.

import { setTimeout as delay } from 'node:timers/promises';
import { startTestWall } from './testWall.ts';

const LIFE_MS_MAX = 60_000;

const wall = await startTestWall();
process.stdout.write(`${wall.profileDir}\n`);
await delay(LIFE_MS_MAX);
await wall[Symbol.asyncDispose]();
