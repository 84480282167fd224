// What is judged before anything runs: announced windows against a design, its accesses, the
// programme and the audience. Times here are wall clock.

import type { Access, DrainStyle, WorkTarget } from '../model/access.ts';
import type { Design } from '../model/scenario.ts';
import type { AudienceShape } from './audience.ts';

export interface CheckInput {
  readonly design: Pick<Design, 'name' | 'stages' | 'links'>;
  readonly accesses: readonly Access[];
  readonly windows: readonly AnnouncedWindow[];
  readonly events: readonly DeclaredEvent[];
  /** IANA time zone of the audience: its evening is the peak. */
  readonly zone: string;
  readonly audience: AudienceShape;
  /** Undefined = do not ask whether windows are over: a re-enactment. */
  readonly nowEpochMs: number | undefined;
  /** By owner. */
  readonly ownerRules: Readonly<Record<string, OwnerRule>>;
  /** Of all other owners; the provider's usual rule when not said. */
  readonly usualRule?: OwnerRule;
  /** Notices of a calendar that were not taken as windows, and why. */
  readonly skipped?: readonly { readonly source: string; readonly text: string }[];
}

export interface AnnouncedWindow {
  readonly name: string;
  readonly owner: string;
  readonly kind: 'planned' | 'emergency' | 'failover-test';
  readonly targets: readonly WorkTarget[];
  /** Announced interval; the work may take the targets away for all of it. */
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  /** How much longer it is thought it may take. */
  readonly overrunMs: number;
  /** Traffic is moved away this long before the work begins. */
  readonly drain: { readonly style: DrainStyle; readonly leadMs: number };
  /** When those who must act were told; undefined = nobody knows of a notice. */
  readonly noticedAtEpochMs: number | undefined;
  /** The start as it was written. */
  readonly clock: { readonly zone: string; readonly text: string };
  /** `file:line`, for the reader of a finding. */
  readonly source: string;
}

/** A programme nobody wants to lose: a final, an election night. */
export interface DeclaredEvent {
  readonly name: string;
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly source: string;
}

/** What an owner promises of its notices. */
export interface OwnerRule {
  /** Calendar days before planned work, and the reminders after the first notice. */
  readonly plannedDays: number;
  readonly reminderDays: readonly number[];
  readonly emergencyMs: number;
}

/** A cloud provider's access maintenance: facts.md section 1, S22 and S23. */
export const USUAL_OWNER_RULE: OwnerRule = {
  plannedDays: 14,
  reminderDays: [7, 1],
  emergencyMs: 60 * 60_000,
};
