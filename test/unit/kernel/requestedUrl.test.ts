// The target of a request is anybody's text.

import { expect, test } from 'vitest';
import { requestedUrl } from '../../../harness/kernel/requestedUrl.ts';

test.each([
  ['/guide?channel=1', '/guide'],
  ['//', '//'],
  ['///x', '///x'],
  ['/%', '/%'],
  [':99999', '/unreadable'],
  [undefined, '/'],
])('of %s is read without an error', (url, path) => {
  expect(requestedUrl({ url }).pathname).toBe(path);
});
