// Burns the alerts in force into pictures. Of several each is shown for a while in turn.

import type { ToldAlert } from '../model/alert.ts';
import { encodeAlert, textSumOf } from '../model/alertStrip.ts';
import { stampAlert, type Size } from './picture.ts';

export interface AlertBanner {
  readonly set: (alerts: readonly ToldAlert[]) => void;
  /** The picture itself when no alert is in force, else a copy with one. */
  readonly over: (picture: Buffer, atEpochMs: number) => Buffer;
}

/** The time for which each of several alerts is shown. */
const TURN_MS = 2_000;

export function createAlertBanner(size: Size): AlertBanner {
  let strips: readonly Uint8Array[] = [];
  return {
    set: (alerts) => {
      strips = alerts.map((alert) => encodeAlert({ ...alert, textSum: textSumOf(alert.text) }));
    },
    over: (picture, atEpochMs) => {
      const strip = strips[Math.floor(atEpochMs / TURN_MS) % strips.length];
      if (!strip) return picture;
      const shown = Buffer.from(picture);
      stampAlert(shown, size, strip);
      return shown;
    },
  };
}
