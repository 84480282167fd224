// Tells when alerts begin to be on a screen and when they are gone, from what is read again and again:
// pictures one by one, or the alerts that the application was told last.

import type { ShownAlert, ToldAlert } from '../../harness/model/alert.ts';
import { sumText } from '../../harness/model/alertStrip.ts';

export interface AlertWatch {
  /** Everything that is shown now by this way. */
  shows(alerts: readonly ShownAlert[], atEpochMs: number): void;
}

export type OnAlert = (event: 'alert' | 'alert-over', alert: ShownAlert, atEpochMs: number) => void;

const makeKey = ({ number, revision, exercise, textSum }: ShownAlert): string =>
  [number, revision, exercise, textSum].join();

export function watchAlerts(onAlert: OnAlert): AlertWatch {
  let shown = new Map<string, ShownAlert>();
  return {
    shows: (alerts, atEpochMs) => {
      if (alerts.length === 0 && shown.size === 0) return;
      const now = new Map(alerts.map((alert) => [makeKey(alert), alert]));
      for (const [key, alert] of shown) if (!now.has(key)) onAlert('alert-over', alert, atEpochMs);
      for (const [key, alert] of now) if (!shown.has(key)) onAlert('alert', alert, atEpochMs);
      shown = now;
    },
  };
}

/** The application draws it as soon as it knows it, at the next paint at the latest. */
export const shownBeside = ({ number, revision, exercise, text }: ToldAlert): ShownAlert => ({
  number,
  revision,
  exercise,
  textSum: sumText(text),
  by: 'application',
});
