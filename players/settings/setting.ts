// The settings that a player takes from a scenario, as data: every room may read them. A scenario
// may come from a stranger, so nothing in here is code, a program or an address.

export type Settings = Readonly<Record<string, Setting>>;

export type Setting = (
  | NumberSetting
  | { readonly kind: 'flag' }
  | { readonly kind: 'words' }
  | { readonly kind: 'choice'; readonly values: readonly [string, ...string[]] }
  | SettingGroup
) & { readonly needed?: boolean };

interface SettingGroup {
  readonly kind: 'group';
  readonly settings: Settings;
  readonly refused?: RefusedKeys;
  /** Null switches it off. */
  readonly nullable?: boolean;
}

export interface NumberSetting {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  /** Another setting that must be there too, and be smaller. */
  readonly above?: string;
  /** Settings that must not stand beside it. */
  readonly without?: readonly string[];
}

/** Keys that a player has and a scenario cannot set: the reason by key. */
export type RefusedKeys = Readonly<Record<string, string>>;

export const number = (min: number, max: number): NumberSetting => ({ kind: 'number', min, max });
export const whole = (min: number, max: number): NumberSetting => ({
  ...number(min, max),
  whole: true,
});
export const choice = (...values: readonly [string, ...string[]]): Setting => ({
  kind: 'choice',
  values,
});
export const group = (settings: Settings): Setting => ({ kind: 'group', settings });

const DAY_S = 86_400;
const GIGABIT = 1e9;

export const seconds = number(0, DAY_S);
export const milliseconds = number(0, 1000 * DAY_S);
export const tries = whole(0, 1000);
export const factor = number(0, 100);
export const bitsPerSecond = number(0, 100 * GIGABIT);
export const flag: Setting = { kind: 'flag' };
export const words: Setting = { kind: 'words' };

/** The same setting under each of these keys. */
export const all = (setting: Setting, ...keys: readonly string[]): Settings =>
  Object.fromEntries(keys.map((key) => [key, setting]));

/** The same reason for each of these keys. */
export const refuse = (why: string, ...keys: readonly string[]): RefusedKeys =>
  Object.fromEntries(keys.map((key) => [key, why]));

export const TAKES_CODE = 'it takes code, and nothing that a scenario says becomes code';
export const RIGHTS = 'licences and their servers are no part of a rehearsal';
export const WALLS_OWN = "it is the wall's own";
