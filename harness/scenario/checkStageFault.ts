// Checks the rules between faults on stages and the stages that they are on.

import type { Stage, StageRole } from '../model/scenario.ts';
import { faultSchema, STAGE_KEYS } from './faultSchema.ts';
import { has, type Place } from './place.ts';
import { isMapping, valueAt, type Path, type Problem } from './sourceFile.ts';

export const checkStageFault = (place: Place): Problem[] => [
  ...checkRoles(place),
  ...checkSizes(place),
  ...checkFormatLength(place),
  ...checkSqueeze(place),
];

type StageKey = (typeof STAGE_KEYS)[number];

/** The roles whose programme, dates, store and answers can go wrong. */
const ROLES: Readonly<Partial<Record<StageKey, readonly StageRole[]>>> = {
  content: ['playout'],
  timestampJump: ['playout'],
  resolution: ['playout'],
  codec: ['playout'],
  clockSkew: ['transcoder'],
  disk: ['origin'],
  http: ['origin', 'edge'],
};

function checkRoles(place: Place): Problem[] {
  const kind = STAGE_KEYS.find((key) => has(place, key));
  const roles = kind && ROLES[kind];
  if (!roles) return [];
  return stagesOf(place).flatMap(({ stage, path }) => {
    if (roles.includes(stage.role)) return [];
    const message = `${kind} goes wrong at ${roles.join(' or ')}, ${stage.name} has the role ${stage.role}`;
    return [place.source.problemAt(path, message)];
  });
}

interface NamedStage {
  readonly stage: Stage;
  readonly path: Path;
}

/** Gives the stages that the design has. */
function stagesOf({ source, path, design }: Place): NamedStage[] {
  const names = valueAt(source.data, [...path, 'stages']);
  if (!design || !Array.isArray(names)) return [];
  return names.flatMap((name: unknown, i) => {
    const stage = design.stages.find((known) => known.name === name);
    return stage ? [{ stage, path: [...path, 'stages', i] }] : [];
  });
}

/** Less than this is not told from the time that a change takes. */
const SHIFT_MS_MIN = 1000;
/** Time stamps of a transport stream come round after 26.5 hours, and may not meet that here. */
const JUMP_MS_MAX = 8 * 3_600_000;

function checkSizes({ source, path, design }: Place): Problem[] {
  const { timestampJump, clockSkew, resolution } = valuesAt({ source, path });
  const at = (key: StageKey, message: string) => [source.problemAt([...path, key], message)];
  const shift = 'expected at least 1s, or -1s for back';
  if (timestampJump !== undefined && Math.abs(timestampJump) < SHIFT_MS_MIN)
    return at('timestampJump', shift);
  if (timestampJump !== undefined && Math.abs(timestampJump) > JUMP_MS_MAX)
    return at('timestampJump', 'expected at most 8h either way');
  if (clockSkew !== undefined && Math.abs(clockSkew) < SHIFT_MS_MIN) return at('clockSkew', shift);
  if (
    resolution &&
    resolution.width === design?.media.width &&
    resolution.height === design.media.height
  )
    return at('resolution', 'expected another size than the design has already');
  return [];
}

/** Another encoder has to start, and what it sends to arrive: a shorter change may never be seen. */
const FORMAT_MS_MIN = 2000;

const FORMAT_KEYS = ['timestampJump', 'resolution', 'codec'] as const satisfies readonly StageKey[];

function checkFormatLength(place: Place): Problem[] {
  const key = FORMAT_KEYS.find((name) => has(place, name));
  const { for: length } = valuesAt(place);
  if (!key || !length || length.fromMs >= FORMAT_MS_MIN) return [];
  const message = `${key} starts another encoder, so that nobody can prove a shorter one: expected at least ${FORMAT_MS_MIN / 1000}s`;
  return [place.source.problemAt([...place.path, 'for'], message)];
}

/** Asks for at least one limit, and one that takes something away. */
function checkSqueeze(place: Place): Problem[] {
  const path = [...place.path, 'squeeze'];
  if (!isMapping(valueAt(place.source.data, path))) return [];
  const { squeeze } = valuesAt(place);
  if (!squeeze) return [];
  const { cpus, memory } = squeeze;
  if (cpus === undefined && memory === undefined)
    return [place.source.problemAt(path, 'expected cpus, memory, or both')];
  return stagesOf(place).flatMap(({ stage }) => {
    const { name, resources = {} } = stage;
    const no = (key: string, has: string) => [
      place.source.problemAt([...path, key], `${name} has no more than ${has} in the design`),
    ];
    if (cpus !== undefined && cpus >= (resources.cpus ?? Infinity))
      return no('cpus', `${resources.cpus} cpus`);
    if (memory !== undefined && memory >= (resources.memoryMb ?? Infinity))
      return no('memory', `${resources.memoryMb} MB`);
    return [];
  });
}

const SIZES = faultSchema
  .pick({
    ...{ timestampJump: true, clockSkew: true, resolution: true, squeeze: true, for: true },
  })
  .partial();

/** Reads the values; one that cannot be read is reported with the shape of the file. */
function valuesAt({ source, path }: Pick<Place, 'source' | 'path'>) {
  const value = valueAt(source.data, path);
  const read = SIZES.strip().safeParse(value);
  return read.success ? read.data : {};
}
