// The numbers by which agents play: parameters of a player, as the light viewers have them too.

interface Retries {
  readonly count: number;
  readonly delayMs: number;
  readonly delayMsMax: number;
}

export interface LoadRules {
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly onTimeout: Retries;
  readonly onError: Retries;
}

export interface PlayerRules {
  readonly manifest: LoadRules;
  readonly playlist: LoadRules;
  readonly segment: LoadRules;
  readonly liveSyncCount: number;
  readonly liveSyncOnStallIncreaseMs: number;
}

/** Settings of a player that agents play; others are refused before (playable.ts). */
export const SETTINGS: readonly string[] = ['liveSyncDurationCount'];

export const withSettings = (
  rules: PlayerRules,
  config: Readonly<Record<string, unknown>>,
): PlayerRules => ({
  ...rules,
  liveSyncCount: Number(config['liveSyncDurationCount'] ?? rules.liveSyncCount),
});

export const retryDelayMs = ({ delayMs, delayMsMax }: Retries, before: number): number =>
  Math.min(delayMs * 2 ** before, delayMsMax);
