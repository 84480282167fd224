// Turns the YAML shape of a design into the model, and checks what its graph must fulfil.

import { dirname, isAbsolute, join } from 'node:path';
import { findHops } from '../design/hops.ts';
import { graphMistakes, type DesignMistake } from '../design/mistakes.ts';
import type { RoleMedia } from '../design/role.ts';
import { findRole } from '../design/roles.ts';
import { CLOCK_PICTURE, holdsClock } from '../model/frameClock.ts';
import type { Design, Rung, Stage } from '../model/scenario.ts';
import type { DesignFile } from './designSchema.ts';
import { checkAccesses, toAccess } from './resolveAccess.ts';
import { supplyMistakes } from './checkSupply.ts';
import { checkEnds } from './designNames.ts';
import { toSupplied, toSupply } from './resolveSupply.ts';
import { spellingMistakes } from './spelling.ts';
import type { Mapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

type StageEntry = DesignFile['stages'][string];

/** Fills in names and defaults that hang on other fields. `written` is the file that it is read from. */
export function toDesign(file: DesignFile, written: string): Design {
  const { picture, segment, playlist, container, latency, contribution, fps, ladder } = file.media;
  return {
    name: file.name,
    title: file.title,
    description: file.description ?? '',
    sources: resolveSources(file.sources),
    channels: file.channels,
    media: {
      ...picture,
      fps,
      contributionKbps: contribution,
      segmentMs: segment,
      playlistSegments: playlist,
      ...(container === 'cmaf' && { container }),
      ...(latency === 'low' && { latency }),
      ladder,
    },
    stages: Object.entries(file.stages).map(([name, entry]) =>
      filesBeside(written, toStage(name, entry, { segmentMs: segment, container })),
    ),
    links: Object.entries(file.links).map(([name, { transport, protocol, ...ends }]) => ({
      name,
      ...ends,
      ...(protocol && { protocol }),
      ...(protocol && protocol !== 'messages'
        ? { transport: transport ?? 'udp' }
        : transport && { transport }),
    })),
    accesses: Object.entries(file.access).map(([name, access]) => toAccess(name, access)),
    ...toSupplied(file),
    ...(file.cost ? { costClass: file.cost } : {}),
  };
}

export const resolveSources = (sources: Readonly<Record<string, string>>) =>
  Object.entries(sources).map(([id, text]) => ({ id, text }));

function toStage(name: string, entry: StageEntry, media: RoleMedia): Stage {
  const { role, zone, operator, country, resources } = entry;
  const base = { name, zone, operator, country, ...toSupply(entry) };
  const limits = resources && { cpus: resources.cpus, memoryMb: resources.memory };
  const place = { ...base, ...(limits && { resources: limits }), role };
  return { ...place, ...findRole(entry).read(entry as never, media) } as Stage;
}

/** A file that a stage reads is looked for in the folder of the file that names it. */
function filesBeside(written: string, stage: Stage): Stage {
  const file = findRole(stage).file?.(stage);
  if (!file || isAbsolute(file.path)) return stage;
  return file.movedTo(join(dirname(written), file.path));
}

/** Checks beyond the shape: names that meet, a chain that is whole, segments of whole pictures. */
export function checkDesign(design: Design, source: SourceFile, base: Path): Problem[] {
  const at = (path: Path, message: string) => source.problemAt([...base, ...path], message);
  return [
    ...repeated(design.channels).map((i) =>
      at(['channels', i], `channel ${design.channels[i]} is there twice`),
    ),
    ...checkEnds(source, base),
    ...[...graphMistakes(design), ...supplyMistakes(design)].map(({ at: path, message }) =>
      at(path, message),
    ),
    ...checkAccesses(
      { accesses: design.accesses ?? [], links: design.links.map(({ name }) => name) },
      source,
      base,
    ),
    ...checkMedia(design).map((message) => at(['media', 'segment'], message)),
    ...[...pictureMistakes(design), ...spellingMistakes(design)].map((one) =>
      at(one.at, one.message),
    ),
    ...checkContainer(design).map((message) => at(['media', 'container'], message)),
    ...checkLatency(design).map((message) => at(['media', 'latency'], message)),
    ...design.stages.flatMap((stage) => checkStage(stage, design, source, base)),
  ];
}

/** The rules that a role has for its own keys. */
const checkStage = (stage: Stage, design: Design, source: SourceFile, base: Path): Problem[] => {
  const { stages, channels } = design;
  const path = [...base, 'stages', stage.name];
  const written = valueAt(source.data, path) as Mapping;
  const twins = stages.filter((other) => other !== stage && other.role === stage.role);
  const inputs = findHops(design).filter(({ to }) => to === stage).length;
  const mistakes = findRole(stage).check?.({ stage, written, twins, channels, inputs }) ?? [];
  return mistakes.map(({ key, message }) =>
    key === undefined
      ? source.problemAt(path, message)
      : source.problemAt([...path, key], message, 'key'),
  );
};

function checkMedia({ media }: Design): string[] {
  const frames = (media.segmentMs * media.fps) / 1000;
  return Number.isInteger(frames)
    ? []
    : [`expected a whole number of pictures in a segment, got ${frames} at ${media.fps} a second`];
}

/** Pictures too small for the frame clock, and a ladder that is not best first. */
function pictureMistakes({ media }: Design): DesignMistake[] {
  const { width, height } = CLOCK_PICTURE;
  const small = `expected at least ${width}x${height}: the frame clock would not be readable`;
  const isSmaller = (rung: Rung, i: number) =>
    i === 0 || rung.videoKbps < (media.ladder[i - 1]?.videoKbps ?? Infinity);
  return [
    ...(holdsClock(media) ? [] : [{ at: ['media', 'picture'], message: small }]),
    ...media.ladder.flatMap((rung, i) => {
      const at = ['media', 'ladder', i];
      if (!holdsClock(rung)) return [{ at, message: small }];
      return isSmaller(rung, i)
        ? []
        : {
            at,
            message: 'expected a lower bit rate than that of the rung before: the best is first',
          };
    }),
  ];
}

/** A stage that sends players to other places would have to name the sound of each too. */
const checkContainer = ({ media, stages }: Design): string[] =>
  media.container === 'cmaf'
    ? stages
        .filter((stage) => findRole(stage).servesViewers && !findRole(stage).carriesPicture)
        .map(({ name }) => `cmaf does not go with ${name}, which steers players; use ts`)
    : [];

/** Parts are fragments of MP4; a segment that is hardly longer than one has none. */
function checkLatency({ media }: Design): string[] {
  if (media.latency !== 'low') return [];
  if (media.container !== 'cmaf')
    return ['latency: low needs container: cmaf, because parts are fragments of MP4'];
  return media.segmentMs < LOW_LATENCY_SEGMENT_MS
    ? [`latency: low needs segments of 1s or longer, got ${media.segmentMs} ms`]
    : [];
}

const LOW_LATENCY_SEGMENT_MS = 1_000;

/** Indexes of the second and later occurrences. */
export function repeated(names: readonly unknown[]): number[] {
  const seen = new Set<unknown>();
  return names.flatMap((name, i) => {
    if (seen.has(name)) return [i];
    seen.add(name);
    return [];
  });
}
