// An emergency alert as a scenario has it, and a message of it as a screen shows it.

import type { AlertSign } from './alertStrip.ts';

export const SEVERITIES = ['extreme', 'severe', 'moderate', 'minor', 'unknown'] as const;

export interface Alert {
  /** Unique in the scenario; of a CAP file its identifier. */
  readonly id: string;
  /** The areas it is for, by any of their names; everywhere when none is said. */
  readonly areas: readonly string[];
  readonly severity: (typeof SEVERITIES)[number];
  readonly text: string;
  readonly exercise: boolean;
  /** The ways on which it goes to screens (harness/alerts/catalogue.ts). */
  readonly carriages: readonly string[];
  /** Since the start of the disrupt phase, in the scenario's own time. */
  readonly atMs: number;
  readonly updates: readonly { readonly atMs: number; readonly text: string }[];
  readonly endMs: number;
}

/** The carriage that imitates cell broadcast; reports say that there is no radio. */
export const NO_RADIO = 'cell-no-radio';

/** The first key of the command that tells a stage which alerts are in force by a carriage. */
export type AlertCommand =
  'alertsInPicture' | 'alertsInPlaylist' | 'alertsInSegments' | 'alertsOnRequest' | 'alertsPushed';

/** Who does not say where it lives is in no named area. */
export const livesIn = (
  { area }: { readonly area?: string | undefined },
  areas: readonly string[],
): boolean => areas.length === 0 || (area !== undefined && areas.includes(area));

/** An alert in force, as the program of a stage is told of it and as players are. */
export interface ToldAlert extends Omit<AlertSign, 'textSum'> {
  readonly id: string;
  readonly text: string;
  /** Everywhere when not said; a picture and a playlist are the same for everybody. */
  readonly areas?: readonly string[];
  /** When this message of it was issued. */
  readonly issuedEpochMs: number;
}

/** A step in the life of an alert. */
export interface AlertStep {
  readonly alert: string;
  readonly does: 'issue' | 'update' | 'end';
  /** The revision in force from then on; of an end, the last one. */
  readonly revision: number;
  /** Since the start of the disrupt phase, as played (compressed). */
  readonly atMs: number;
  /** The same instant in the scenario's own time. */
  readonly scenarioAtMs: number;
}

/** A step in the life of an alert, as the stages that carry it were told. */
export interface AlertRecord extends Pick<AlertStep, 'alert' | 'does' | 'revision'> {
  readonly type: 'alert';
  /** Since the start of the run, as in every record. */
  readonly atMs: number;
  readonly plannedAtMs: number;
  readonly told: readonly string[];
  /** Why one could not be told. */
  readonly error?: string;
}

/** A message of an alert on a screen. */
export interface ShownAlert extends AlertSign {
  /** Read from the pixels of the picture, or shown by the application beside it. */
  readonly by: 'picture' | 'application';
}

/** A message of an alert and one viewer whom it concerned. */
export interface ViewerAlert {
  readonly alert: string;
  /** 1 for the alert as it was issued; each update is one more. */
  readonly revision: number;
  /** Shown before the alert was ended; `unseen` where nobody could look for some of that time. */
  readonly reached: 'yes' | 'no' | 'unseen';
  /**
   * From its issue, or from joining, to its first picture. Of who was not reached the time to the
   * end of the session, or to what nobody saw.
   */
  readonly delayMs: number;
  /** The programme was away from the screen when it was first shown. */
  readonly dark: boolean;
  /** From the end of the alert until it was gone; to the end of the session where it never was. */
  readonly clearedMs?: number;
  readonly cleared?: boolean;
}
