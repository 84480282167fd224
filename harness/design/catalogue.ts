// Every role of stages, from where the picture comes from to the viewers: one line each.

export { playout } from './roles/playout.ts';
export { transcoder } from './roles/transcoder.ts';
export { inserter } from './roles/inserter.ts';
export { origin } from './roles/origin.ts';
export { edge } from './roles/edge.ts';
export { steering } from './roles/steering.ts';
export { multicast } from './roles/multicast.ts';
export { portal } from './roles/portal.ts';
export { cells } from './roles/cells.ts';
