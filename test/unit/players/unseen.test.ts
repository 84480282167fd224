import { describe, expect, it } from 'vitest';
import { unseenBetween } from '../../../players/page/unseen.ts';

describe('pictures that were presented while the page could not run', () => {
  const before = { presentedFrames: 100, mediaTime: 4 };

  it('are none between two pictures in a row', () => {
    expect(unseenBetween(before, { presentedFrames: 101, mediaTime: 4.04 })).toEqual([]);
  });

  it('are counted, with the media that went by', () => {
    expect(unseenBetween(before, { presentedFrames: 105, mediaTime: 4.2 })).toEqual([4, 200]);
  });

  it('are not known before the first picture, nor when the browser counts anew', () => {
    expect(unseenBetween(undefined, before)).toEqual([]);
    expect(unseenBetween(before, { presentedFrames: 2, mediaTime: 0 })).toEqual([]);
  });
});
