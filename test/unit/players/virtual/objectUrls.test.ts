import { expect, test } from 'vitest';
import { makeObjectUrls } from '../../../../players/virtual/objectUrls.ts';

test('an address leads to its object until it is given back, and no other gets it', () => {
  const { PageUrl, at } = makeObjectUrls();
  const source = {};
  const url = PageUrl.createObjectURL(source as Blob);
  expect(at(url)).toBe(source);
  PageUrl.revokeObjectURL(url);
  expect(at(url)).toBeUndefined();
  expect(PageUrl.createObjectURL(source as Blob)).not.toBe(url);
});
