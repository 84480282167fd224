// One table of stage roles: what is true of every stage of a role, whichever design it stands in.

import type { Stage, StageRole } from '../model/scenario.ts';

export interface RoleTraits {
  /** The role that stands before it; undefined for where the picture comes from. */
  readonly follows: StageRole | undefined;
  /** The one of the two that opens the connection between them. */
  readonly connects: 'itself' | 'the one before';
  /** It passes the picture on; a stage that only answers where the picture is does not. */
  readonly carriesPicture: boolean;
  /** It sees every frame; the others see a new counter with each segment. */
  readonly carriesFrames: boolean;
  /** There is an instance of it for each channel, else one for all. */
  readonly perChannel: boolean;
  /** Viewers and the harness reach it by HTTP. */
  readonly servesViewers: boolean;
  /** The number of stages of the role that may stand beside each other. */
  readonly count: readonly [least: number, most: number];
}

export const ROLES: Readonly<Record<StageRole, RoleTraits>> = {
  playout: {
    follows: undefined,
    connects: 'itself',
    carriesPicture: true,
    carriesFrames: true,
    perChannel: true,
    servesViewers: false,
    count: [1, 1],
  },
  transcoder: {
    follows: 'playout',
    connects: 'the one before',
    carriesPicture: true,
    carriesFrames: true,
    perChannel: true,
    servesViewers: false,
    count: [1, Infinity],
  },
  origin: {
    follows: 'transcoder',
    connects: 'the one before',
    carriesPicture: true,
    carriesFrames: false,
    perChannel: false,
    servesViewers: true,
    count: [1, Infinity],
  },
  edge: {
    follows: 'origin',
    connects: 'itself',
    carriesPicture: true,
    carriesFrames: false,
    perChannel: false,
    servesViewers: true,
    count: [1, Infinity],
  },
  steering: {
    follows: 'edge',
    connects: 'itself',
    carriesPicture: false,
    carriesFrames: false,
    perChannel: false,
    servesViewers: true,
    count: [0, 1],
  },
};

/** Every role, from where the picture comes from to the viewers. */
export const ROLE_NAMES = Object.keys(ROLES) as readonly StageRole[];

/** The way of the picture, which links follow. */
export const PICTURE_WAY = ROLE_NAMES.filter((role) => ROLES[role].carriesPicture);

export const traitsOf = ({ role }: Pick<Stage, 'role'>): RoleTraits => ROLES[role];

/** The first stage of a role; the role itself where a design has none. */
export const firstNamed = (
  role: StageRole,
  { stages }: { readonly stages: readonly Pick<Stage, 'name' | 'role'>[] },
): string => stages.find((stage) => stage.role === role)?.name ?? role;
