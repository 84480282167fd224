// The settings that a player takes from a scenario, as data: every room may read them. A scenario
// may come from a stranger, so nothing in here is code, a program or an address.

export type Settings = Readonly<Record<string, Setting>>;

export type Setting = (
  | NumberSetting
  | { readonly kind: 'flag' }
  | { readonly kind: 'words' }
  | { readonly kind: 'choice'; readonly values: readonly [string, ...string[]] }
  /** `nullable`: null switches it off. */
  | { readonly kind: 'group'; readonly settings: Settings; readonly nullable?: boolean }
) & { readonly needed?: boolean };

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
