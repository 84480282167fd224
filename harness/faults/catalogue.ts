// Every kind of fault: one line each.

export { bandwidth } from './bandwidth.ts';
export { clockSkew } from './clockSkew.ts';
export { content } from './content.ts';
export { cut } from './cut.ts';
export { duplicate } from './duplicate.ts';
export { fullDisk } from './fullDisk.ts';
export { http } from './http.ts';
export { latency } from './latency.ts';
export { life } from './life.ts';
export { loss } from './loss.ts';
export { reorder } from './reorder.ts';
export { slice } from './slice.ts';
export { squeeze } from './squeeze.ts';
