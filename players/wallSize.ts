// Computes the page size at which every picture of the wall is in view: a picture out of view is
// not painted, and what is not painted cannot be measured.

import type { Size } from '../harness/model/screen.ts';
import { WALL_STYLE } from './wallDocument.ts';

/** The size of a wall: columns of the grid, size of a picture and of the page. */
export interface WallSize {
  readonly columns: number;
  readonly picture: Size;
  readonly page: Size;
}

/** A picture wider than this is shown smaller: the largest rung is measured all the same. */
const PICTURE_WIDTH_MAX = 320;
/** The width on a recorded display: every pixel costs, and a moving picture still moves. */
export const RECORDED_WIDTH_MAX = 160;
const COLUMNS_MIN = 3;
/** A little wider than high, as the screens people look at screenshots on. */
const PAGE_SHAPE = 4 / 3;
/** The border left and right of a tile, and below it. */
const BORDER_PX = 1;

/** The smallest page that holds `count` pictures of this shape, none wider than `widthMax`. */
export function wallSize(count: number, media: Size, widthMax = PICTURE_WIDTH_MAX): WallSize {
  const width = Math.min(media.width, widthMax);
  const picture = { width, height: Math.round((media.height * width) / media.width) };
  const columns = Math.max(COLUMNS_MIN, Math.min(count, Math.round(Math.sqrt(count * PAGE_SHAPE))));
  const rows = Math.ceil(count / columns);
  const { marginPx, gapPx, headerPx, captionPx, ruleEdgePx } = WALL_STYLE;
  const tileWidth = picture.width + 2 * BORDER_PX;
  const tileHeight = picture.height + captionPx + ruleEdgePx + BORDER_PX;
  return {
    columns,
    picture,
    page: {
      width: 2 * marginPx + columns * tileWidth + (columns - 1) * gapPx,
      height: headerPx + rows * tileHeight + (rows - 1) * gapPx + marginPx,
    },
  };
}
