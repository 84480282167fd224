// The input of a check before anything runs: announced windows, a design, its accesses, the
// programme and the audience. Times here are wall clock.

import type { Access, CheckFinding, DrainStyle, WorkTarget } from '../model/access.ts';
import type { Design, Supplied } from '../model/scenario.ts';
import type { AudienceShape } from './audience.ts';

export interface CheckInput {
  readonly design: Pick<Design, 'name' | 'stages' | 'links' | keyof Supplied>;
  readonly accesses: readonly Access[];
  readonly windows: readonly AnnouncedWindow[];
  readonly events: readonly DeclaredEvent[];
  /** IANA time zone of the audience: its evening is the peak. */
  readonly zone: string;
  readonly audience: AudienceShape;
  /** Undefined = do not ask whether windows are over: a re-enactment. */
  readonly nowEpochMs: number | undefined;
  readonly ownerRules: readonly NamedRule[];
  /** The rule of all other owners; the provider's usual rule when absent. */
  readonly usualRule?: OwnerRule;
  /** The remarks made while notices were read. */
  readonly remarks?: readonly Remark[];
  /** Owners of notices, judged or not. */
  readonly noticeOwners?: readonly string[];
  readonly accepted?: readonly Acceptance[];
  /** Those who watch; told apart by the design alone where nobody says it. */
  readonly watchers?: readonly Watchers[];
}

/** People who watch alike, and lose the programme together. */
export interface Watchers {
  /** `all viewers`, `the group boxes`. */
  readonly says: string;
  /** Players and browsers, or set-top boxes on a multicast group. */
  readonly carriage: 'ott' | 'iptv';
  /** Undefined where nobody says how many. */
  readonly heads?: number;
}

export interface AnnouncedWindow {
  readonly name: string;
  readonly owner: string;
  readonly kind: 'planned' | 'emergency' | 'failover-test';
  /** Taken away by the work. */
  readonly targets: readonly WorkTarget[];
  /** Not taken away, but worse than usual. */
  readonly weakened?: readonly WeakTarget[];
  /** Announced interval; the work may take the targets away for all of it. */
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  /** The time that it is thought it may take longer than announced. */
  readonly overrunMs: number;
  /** Traffic is moved away this long before the work begins. */
  readonly drain: { readonly style: DrainStyle; readonly leadMs: number };
  /** When those who must act were told; undefined = nobody knows of a notice. */
  readonly noticedAtEpochMs: number | undefined;
  /** When they were told again; undefined = nobody keeps a record of it. */
  readonly remindedAtEpochMs?: readonly number[];
  /** The start as it was written. */
  readonly clock: { readonly zone: string; readonly text: string };
  /** `file:line`, for the reader of a finding. */
  readonly source: string;
  /** It came as a notice, and was not written by those who plan. */
  readonly fromNotice?: boolean;
}

export interface WeakTarget {
  readonly target: WorkTarget;
  readonly impact: WeakImpact;
}

/** `degraded` = it carries less; `reduced-redundancy` = it carries all, with nothing behind it. */
export type WeakImpact = 'degraded' | 'reduced-redundancy';

/** A time in which nobody may work: a final, an election night, or every Friday evening. */
export interface DeclaredEvent {
  readonly name: string;
  /** An event by default; a freeze may be broken by emergency work, which a person accepts. */
  readonly kind?: 'event' | 'freeze';
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly source: string;
}

/** The promises that an owner makes about its notices. */
export interface OwnerRule {
  /** Calendar days before planned work, and the reminders after the first notice. */
  readonly plannedDays: number;
  readonly reminderDays: readonly number[];
  readonly emergencyMs: number;
}

export interface NamedRule {
  readonly owner: string;
  readonly rule: OwnerRule;
  readonly source: string;
}

/** A finding before any rule looks: notices that were not judged, or judged in doubt. */
export interface Remark extends Omit<Found, 'fromEpochMs' | 'toEpochMs' | 'shortened'> {
  readonly about: 'unreadable' | 'doubtful' | 'superseded' | 'skipped';
}

/** A finding before it has the rule's name and readable times. */
export interface Found extends Omit<CheckFinding, 'rule' | 'from' | 'to' | 'accepted'> {
  readonly fromEpochMs?: number;
  readonly toEpochMs?: number;
  /** It is about more than its targets name: nobody can accept it as a whole. */
  readonly shortened?: true;
}

/** Findings that somebody has accepted for a time. */
export interface Acceptance {
  readonly rule: string;
  /** Windows, paths or stages: those that the finding is about. */
  readonly about: readonly string[];
  /** Only the finding that begins then; undefined = whenever it begins. */
  readonly fromEpochMs: number | undefined;
  readonly by: string;
  readonly untilEpochMs: number;
  readonly why: string;
  readonly source: string;
}

/** A cloud provider's access maintenance: docs/sources.md 1, S22 and S23. */
export const USUAL_OWNER_RULE: OwnerRule = {
  plannedDays: 14,
  reminderDays: [7, 1],
  emergencyMs: 60 * 60_000,
};
