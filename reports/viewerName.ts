// The name of a viewer in a table: how many it stands for, and whether it is the control.

import type { ViewerResult } from '../harness/model/report.ts';

export const viewerName = ({
  id,
  control,
  weight,
}: Pick<ViewerResult, 'id' | 'control' | 'weight'>): string =>
  `${id}${weight === undefined ? '' : ` × ${weight}`}${control && id !== 'control' ? ' (control)' : ''}`;
