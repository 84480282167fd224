// Ports for proxies. A proxy that is disabled frees its port; one that the system hands out by itself
// could be taken by anybody's connection meanwhile, and the link could not be healed. So ports come
// from below that range.

import { readFileSync } from 'node:fs';
import { freshSeed } from '../kernel/random.ts';

/** Above the ports that services are known by. */
const LOWEST = 20_000;
/** The port from which systems hand out ports, unless they say otherwise. */
const EPHEMERAL_LOWEST = 32_768;
/** Tries before the system is asked after all. */
const TRIES_MAX = 500;

/** Candidates without end: from a random place on, each once, then 0 for "let the system choose". */
export function* quietPorts(): Generator<number, never> {
  const count = Math.max(0, ephemeralLowest() - LOWEST);
  const start = freshSeed();
  for (let at = 0; at < Math.min(count, TRIES_MAX); at++) yield LOWEST + ((start + at) % count);
  for (;;) yield 0;
}

function ephemeralLowest(): number {
  try {
    return parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return EPHEMERAL_LOWEST;
  }
}
