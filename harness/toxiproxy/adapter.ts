// The ways to get a LinkControl: our own server in a process of its own, or any server at a URL.

export { connectToxiproxy, removeProxies } from './connect.ts';
export { startEmbeddedToxiproxy, type EmbeddedOptions } from './embedded.ts';
export type { LinkControlOptions } from './linkControl.ts';
