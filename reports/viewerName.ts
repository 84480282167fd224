// The name of a viewer in a table: how many it stands for, and whether it is the control.

import type { ViewerResult } from '../harness/model/report.ts';

type Named = Pick<ViewerResult, 'id' | 'control' | 'weight'>;

export const viewerName = ({ id, control, weight }: Named): string =>
  `${id}${weight === undefined ? '' : ` × ${weight}`}${control && id !== 'control' ? ' (control)' : ''}`;
