// The portal that set-top boxes boot through: login, guide and rights over HTTP, and alerts.

import { count } from '../../fields/fields.ts';
import type { PortalStage } from '../../model/scenario.ts';
import { ASKED_BESIDE, role } from '../role.ts';

const keys = {
  perSecond: count(
    'Requests that it answers a second; more wait for their turn.',
    1,
    10_000,
  ).prefault(100),
};

export const portal = role<PortalStage, typeof keys>({
  role: 'portal',
  word: 'Lets set-top boxes in when they are switched on; gives alerts to boxes and applications.',
  about:
    'Lets set-top boxes in when they are switched on, and gives alerts to them and to applications, over HTTP.',
  ...ASKED_BESIDE,
  bootsBoxes: true,
  commands: ['alertsOnRequest', 'alertsPushed'],
  keys,
  read: (own) => own,
});
