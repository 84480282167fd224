// Turns the YAML shape of a design into the model, and checks what its graph must fulfil.

import { PICTURE_WAY, ROLES, traitsOf } from '../design/roles.ts';
import type { Design, Stage, StageRole, TranscoderStage } from '../model/scenario.ts';
import type { DesignFile } from './designSchema.ts';
import { checkAccesses, toAccess } from './resolveAccess.ts';
import { checkEnds } from './designNames.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

type StageEntry = DesignFile['stages'][string];

/** Fills in names and defaults that hang on other fields. */
export function toDesign(file: DesignFile): Design {
  const { picture, segment, playlist, contribution, fps, ladder } = file.media;
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
      ladder,
    },
    stages: Object.entries(file.stages).map(([name, entry]) => toStage(name, entry, segment)),
    links: Object.entries(file.links).map(([name, { from, to }]) => ({ name, from, to })),
    accesses: Object.entries(file.access).map(([name, access]) => toAccess(name, access)),
    ...(file.cost ? { costClass: file.cost } : {}),
  };
}

export const resolveSources = (sources: Readonly<Record<string, string>>) =>
  Object.entries(sources).map(([id, text]) => ({ id, text }));

function toStage(name: string, entry: StageEntry, segmentMs: number): Stage {
  const { zone, operator, country } = entry;
  const place = { name, zone, operator, country, ...resolveResources(entry) };
  switch (entry.role) {
    case 'playout':
      return {
        ...place,
        role: 'playout',
        source: entry.source ? { kind: 'file', path: entry.source.file } : { kind: 'synthetic' },
        sendBufferMs: entry.sendBuffer,
        reconnectMs: entry.reconnect,
        gopMs: entry.gop,
      };
    case 'transcoder':
      return { ...place, ...resolveTranscoder(entry) };
    case 'origin':
      return {
        ...place,
        role: 'origin',
        whenStale: entry.whenStale,
        staleAfterMs: entry.staleAfter,
      };
    case 'edge':
      return {
        ...place,
        role: 'edge',
        playlistTtlMs: entry.playlistTtl ?? Math.round(segmentMs / 2),
        segmentTtlMs: entry.segmentTtl,
        errorTtlMs: entry.errorTtl,
        staleIfError: entry.staleIfError,
        collapse: entry.collapse,
        originTimeoutMs: entry.originTimeout,
        ...resolveFailover(entry.originFailover),
      };
    case 'steering':
      return {
        ...place,
        role: 'steering',
        ttlMs: entry.ttl,
        checkEveryMs: entry.checkEvery,
      };
  }
}

function resolveResources({ resources }: StageEntry): Pick<Stage, 'resources'> {
  if (resources === undefined) return {};
  const { cpus, memory } = resources;
  return {
    resources: {
      ...(cpus === undefined ? {} : { cpus }),
      ...(memory === undefined ? {} : { memoryMb: memory }),
    },
  };
}

const resolveFailover = (entry: Extract<StageEntry, { role: 'edge' }>['originFailover']) =>
  entry ? { originFailover: { maxFails: entry.maxFails, failTimeoutMs: entry.failTimeout } } : {};

function resolveTranscoder(entry: Extract<StageEntry, { role: 'transcoder' }>) {
  const { inputLoss, upload, inputFailover } = entry;
  return {
    role: 'transcoder' as const,
    inputLoss: { repeatMs: inputLoss.repeat, blackMs: inputLoss.black, then: inputLoss.then },
    failBackMs: entry.failBack,
    inputLossAction: entry.inputLossAction,
    ...(entry.outputLocking === 'epoch' ? { epochLocked: true as const } : {}),
    upload: {
      timeoutMs: upload.timeout,
      retries: upload.retries,
      retryDelayMs: upload.retryDelay,
      maxAgeMs: upload.maxAge,
    },
    inputFailover: {
      lossMs: inputFailover.loss,
      blackMs: inputFailover.black,
      blackLevel: inputFailover.blackLevel,
      prefer: inputFailover.prefer,
      clearMs: inputFailover.clear,
    },
    ...resolveStartWithoutInput(entry),
  };
}

function resolveStartWithoutInput({
  onStartWithoutInput,
  probe,
}: Extract<StageEntry, { role: 'transcoder' }>): Pick<TranscoderStage, 'startWithoutInput'> {
  if (onStartWithoutInput === 'wait') return {};
  return { startWithoutInput: { probeMs: probe.for, againMs: probe.again } };
}

/** Checks beyond the shape: names that meet, a chain that is whole, segments of whole pictures. */
export function checkDesign(design: Design, source: SourceFile, base: Path): Problem[] {
  const at = (path: Path, message: string) => source.problemAt([...base, ...path], message);
  return [
    ...repeated(design.channels).map((i) =>
      at(['channels', i], `channel ${design.channels[i]} is there twice`),
    ),
    ...checkChain(design).map((message) => at(['stages'], message)),
    ...checkEnds(source, base),
    ...design.links.flatMap((link) => checkLink(link, design, at)),
    ...checkAccesses(
      { accesses: design.accesses ?? [], links: design.links.map(({ name }) => name) },
      source,
      base,
    ),
    ...checkMedia(design).map((message) => at(['media', 'segment'], message)),
    ...checkProbes(design, source, base),
    ...checkPipelines(design, at),
  ];
}

/** Refuses settings of a probe that never fails: they would change nothing. */
const checkProbes = ({ stages }: Design, source: SourceFile, base: Path): Problem[] =>
  stages.flatMap((stage) => {
    const path = [...base, 'stages', stage.name, 'probe'];
    if (stage.role !== 'transcoder' || stage.startWithoutInput) return [];
    if (valueAt(source.data, path) === undefined) return [];
    return [source.problemAt(path, 'goes with onStartWithoutInput: fail', 'key')];
  });

type At = (path: Path, message: string) => Problem;

/** Several transcoders of a channel are pipelines that a player goes back and forth between. */
function checkPipelines(design: Design, at: At): Problem[] {
  const transcoders = design.stages.filter((stage) => stage.role === 'transcoder');
  const several = transcoders.length > 1;
  return [
    ...transcoders.flatMap(({ name, epochLocked, inputLossAction }) => [
      ...(several && !epochLocked
        ? [at(['stages', name], 'beside another transcoder: expected outputLocking: epoch')]
        : []),
      ...(epochLocked && inputLossAction === 'pause'
        ? [at(['stages', name], 'outputLocking: epoch goes with inputLossAction: emit')]
        : []),
    ]),
    ...(several ? checkPublishers(design, at) : []),
  ];
}

/** Refuses two publishers at one origin: they would overwrite each other's files. */
function checkPublishers({ stages, links }: Design, at: At): Problem[] {
  const named = (role: StageRole) =>
    stages.filter((stage) => stage.role === role).map(({ name }) => name);
  const publish = links.filter(({ from }) => named('transcoder').includes(from));
  if (publish.length === 0)
    return [at(['links'], 'expected a link from each transcoder to an origin of its own')];
  return named('origin').flatMap((origin) => {
    const [first, second] = publish.filter(({ to }) => to === origin);
    if (!first || !second) return [];
    const message = `${origin} takes what ${first.from} publishes already: give each an origin`;
    return [at(['links', second.name], message)];
  });
}

function checkChain(design: Design): string[] {
  return [...checkRoles(design), ...checkJoined(design)];
}

function checkRoles(design: Design): string[] {
  return Object.entries(ROLES).flatMap(
    ([
      role,
      {
        count: [least, most],
      },
    ]) => {
      const found = design.stages.filter((stage) => stage.role === role);
      if (found.length >= least && found.length <= most) return [];
      const got = found.length === 0 ? 'none' : found.map((stage) => stage.name).join(' and ');
      const wanted =
        most > 1 ? 'at least one stage' : `${least === 0 ? 'at most' : 'exactly'} one stage`;
      return [`expected ${wanted} with role: ${role} (${PICTURE_WAY.join(' -> ')}), got ${got}`];
    },
  );
}

/** A link between two roles is the whole truth about them: who has none there stands alone. */
function checkJoined({ stages, links }: Design): string[] {
  const named = (role: StageRole | undefined) =>
    stages.filter((stage) => stage.role === role).map(({ name }) => name);
  return PICTURE_WAY.flatMap((role, index) => {
    const [froms, tos] = [named(role), named(PICTURE_WAY[index + 1])];
    const between = links.filter(({ from, to }) => froms.includes(from) && tos.includes(to));
    if (between.length === 0) return [];
    return [...froms, ...tos]
      .filter((name) => !between.some(({ from, to }) => from === name || to === name))
      .map((name) => `no link joins ${name} to the stages beside it, as links do its neighbours`);
  });
}

function checkLink(link: Design['links'][number], design: Design, at: At): Problem[] {
  const { stages, links } = design;
  const [from, to] = [link.from, link.to].map((end) => stages.find(({ name }) => name === end));
  if (!from || !to) return [];
  if (!follows(from, to)) return [at(['links', link.name], cannotJoin(from, to))];
  const twin = links.find((other) => other.from === link.from && other.to === link.to);
  // A transcoder has as many inputs as links; other stages have one door.
  if (twin && twin !== link && to.role !== 'transcoder')
    return [at(['links', link.name], `${twin.name} joins ${link.from} and ${link.to} already`)];
  return [];
}

/** Tells whether the picture goes from the one to the other without a stage between them. */
const follows = (from: Stage, to: Stage): boolean =>
  traitsOf(to).carriesPicture && traitsOf(to).follows === from.role;

function cannotJoin(from: Stage, to: Stage): string {
  const way = `expected a link along ${PICTURE_WAY.join(' -> ')}`;
  const got = `got ${from.name} -> ${to.name}`;
  const steering = [from, to].find(({ role }) => role === 'steering');
  const hint = steering
    ? `: ${steering.name} has the role steering, which asks its edges itself: leave the link out`
    : follows(to, from)
      ? `: write from: ${to.name}, to: ${from.name}`
      : '';
  return `${way}, ${got}${hint}`;
}

function checkMedia({ media }: Design): string[] {
  const frames = (media.segmentMs * media.fps) / 1000;
  return Number.isInteger(frames)
    ? []
    : [`expected a whole number of pictures in a segment, got ${frames} at ${media.fps} a second`];
}

/** Indexes of the second and later occurrences. */
export function repeated(names: readonly unknown[]): number[] {
  const seen = new Set<unknown>();
  return names.flatMap((name, i) => {
    if (seen.has(name)) return [i];
    seen.add(name);
    return [];
  });
}
