// The definition that `config` of a group of viewers is held against, made from what its player
// declares: a scenario may come from a stranger, so what is not declared is refused.

import { z } from 'zod';
import type { KnownPlayer, NumberSetting, Setting, Settings } from '../../players/registry.ts';

const WORDS_LENGTH_MAX = 200;

export const configSchema = (player: KnownPlayer): z.ZodType => mapping(player);

const refusal = (key: string, why: string) =>
  z.never({ error: `${key} cannot be set by a scenario: ${why}` }).optional();

function mapping({ settings, refused = {} }: Pick<KnownPlayer, 'settings' | 'refused'>): z.ZodType {
  const parts = Object.entries(settings).map(([key, setting]) => {
    const part = valueSchema(setting);
    return [key, setting.needed === true ? part : part.optional()] as const;
  });
  const never = Object.entries(refused).map(([key, why]) => [key, refusal(key, why)] as const);
  return z.strictObject(Object.fromEntries([...parts, ...never])).check(({ value, issues }) => {
    for (const [key, message] of contradictions(settings, value))
      issues.push({ code: 'custom', path: [key], message, input: value });
  });
}

function valueSchema(setting: Setting): z.ZodType {
  switch (setting.kind) {
    case 'flag':
      return z.boolean({ error: 'expected true or false' });
    case 'number':
      return numberSchema(setting);
    case 'choice':
      return z.enum(setting.values, { error: `expected one of ${setting.values.join(', ')}` });
    case 'words': {
      const error = `expected text of at most ${WORDS_LENGTH_MAX} characters, without an address`;
      return z.string({ error }).max(WORDS_LENGTH_MAX, { error }).refine(isPlain, { error });
    }
    case 'group': {
      const group = mapping(setting);
      return setting.nullable === true ? group.nullable() : group;
    }
  }
}

function numberSchema({ min, max, whole = false }: NumberSetting): z.ZodType {
  const error = `expected a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
  return (whole ? z.int({ error }) : z.number({ error })).min(min, { error }).max(max, { error });
}

/** Neither `data:…` nor `//somewhere`. */
const isPlain = (text: string): boolean => !/^\s*[a-z][\w+.-]*:|\/\//i.test(text);

type Values = Readonly<Record<string, unknown>>;

/** Settings that the player refuses beside others: it would fail in the middle of a run. */
const contradictions = (settings: Settings, values: Values): readonly [string, string][] =>
  Object.entries(settings).flatMap(([key, setting]): [string, string][] => {
    const value = values[key];
    if (setting.kind !== 'number' || typeof value !== 'number') return [];
    const { above, without = [] } = setting;
    const other = without.find((name) => values[name] !== undefined);
    if (other !== undefined) return [[key, `${key} and ${other} cannot stand together`]];
    if (above === undefined || value > Number(values[above] ?? Infinity)) return [];
    return [[key, `expected ${above} beside it, and smaller`]];
  });
