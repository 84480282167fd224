// Reads the target of a request, which anybody may write as they like: it never throws.

import type { IncomingMessage } from 'node:http';

const BASE = 'http://here';

/** `//`, which is no address, is a path that nothing is at. */
export const requestedUrl = ({ url = '/' }: Pick<IncomingMessage, 'url'>): URL =>
  URL.parse(BASE + url) ?? new URL('/unreadable', BASE);
