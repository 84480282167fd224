// Says which of the alerts in force is shown, and burns it into pictures.

import type { ToldAlert } from '../model/alert.ts';
import { encodeAlert, sumText, type AlertSign } from '../model/alertStrip.ts';
import { stampAlert, type Size } from './picture.ts';

export interface AlertTurns {
  readonly set: (alerts: readonly ToldAlert[]) => void;
  /** Gives the one that is shown, each of several for a while in turn; undefined where none is in force. */
  readonly at: (atEpochMs: number) => AlertSign | undefined;
}

/** The time for which each of several alerts is shown. */
const TURN_MS = 2_000;

export function takeAlertTurns(): AlertTurns {
  let signs: readonly AlertSign[] = [];
  return {
    set: (alerts) => {
      signs = alerts.map((alert) => ({ ...alert, textSum: sumText(alert.text) }));
    },
    at: (atEpochMs) =>
      signs.length === 0 ? undefined : signs[Math.floor(atEpochMs / TURN_MS) % signs.length],
  };
}

export interface AlertBanner extends Pick<AlertTurns, 'set'> {
  /** The picture itself when no alert is in force, else a copy with one. */
  readonly over: (picture: Buffer, atEpochMs: number) => Buffer;
}

export function createAlertBanner(size: Size): AlertBanner {
  const { set, at } = takeAlertTurns();
  return {
    set,
    over: (picture, atEpochMs) => {
      const sign = at(atEpochMs);
      if (!sign) return picture;
      const shown = Buffer.from(picture);
      stampAlert(shown, size, encodeAlert(sign));
      return shown;
    },
  };
}
