// Turns the YAML shape of accesses and paths into the model, and checks what must hold in them.

import { ACCESS_LIMITS, type Access, type AccessPath } from '../model/access.ts';
import type { AccessFile, PathFile } from './accessSchema.ts';
import type { Path, Problem, SourceFile } from './sourceFile.ts';
import { toSupply } from './resolveSupply.ts';
import { unknownName } from './suggest.ts';

export function toAccess(name: string, file: AccessFile): Access {
  const { demand = NOT_SAID, probe, failBack } = file;
  return {
    name,
    links: Object.entries(file.links).map(([link, direction]) => ({ link, direction })),
    demandMbps: demand,
    paths: Object.entries(file.paths).map(([path, entry]) => toPath(path, entry)),
    probe: probe && {
      intervalMs: probe.interval,
      failures: probe.failures,
      recoveries: probe.recoveries,
      lossShareMin: probe.loss,
    },
    failBack: { holdDownMs: failBack === 'by hand' ? Infinity : failBack.holdDown },
  };
}

/** Nothing is known of what it must carry, so nothing is said about it. */
const NOT_SAID = { in: 0, back: 0 };

function toPath(name: string, file: PathFile): AccessPath {
  const base = {
    name,
    circuits: file.circuits,
    latencyMs: file.latency,
    device: file.device,
    location: file.location,
    operator: file.operator,
    country: file.country,
    ...toSupply(file),
    preference: file.preference,
    session: resolveSession(file),
    filter: file.filter,
    testedOn: file.tested,
  };
  switch (file.kind) {
    case 'connection':
    case 'internet':
      return { ...base, kind: file.kind, capacityMbps: file.capacity };
    case 'lag':
      return {
        ...base,
        kind: 'lag',
        members: file.members,
        memberMbps: file.member,
        minimumLinks: file.minimumLinks,
      };
    case 'vpn':
      return {
        ...base,
        kind: 'vpn',
        tunnels: file.tunnels,
        tunnelMbps: file.tunnel,
        ecmp: file.ecmp,
        limit: file.limit,
      };
  }
}

function resolveSession({ bgp, bfd, gracefulRestart, establish, routeProgramming }: PathFile) {
  return {
    bgp: { keepaliveMs: bgp.keepalive, holdMs: bgp.hold, farHoldMs: bgp.farHold },
    bfd: bfd && {
      intervalMs: bfd.interval,
      multiplier: bfd.multiplier,
      farIntervalMs: bfd.farInterval,
    },
    gracefulRestart: gracefulRestart && {
      restartMs: gracefulRestart.time,
      afterHoldExpiry: gracefulRestart.afterHold,
    },
    establishMs: establish,
    routeProgrammingMs: routeProgramming,
  };
}

interface Group {
  readonly accesses: readonly Access[];
  readonly links: readonly string[];
}

/** Links that are there and run over one access each, names of paths that are unique, timers. */
export function checkAccesses(
  { accesses, links }: Group,
  source: SourceFile,
  base: Path,
): Problem[] {
  const seenLinks = new Set<string>();
  const seenPaths = new Set<string>();
  return accesses.flatMap((access) => {
    const at = (path: Path, message: string, part?: 'key') =>
      source.problemAt([...base, 'access', access.name, ...path], message, part);
    return [
      ...access.links.flatMap(({ link }) => {
        const problem = linkProblem(link, links, seenLinks);
        return problem === undefined ? [] : [at(['links', link], problem, 'key')];
      }),
      ...access.paths.flatMap((path) =>
        pathProblems(path, seenPaths).map(([key, problem]) =>
          at(['paths', path.name, ...key], problem),
        ),
      ),
    ];
  });
}

function linkProblem(
  link: string,
  links: readonly string[],
  seen: Set<string>,
): string | undefined {
  if (!links.includes(link)) return unknownName('link', link, links);
  if (seen.has(link)) return `${link} runs over another access already`;
  seen.add(link);
  return undefined;
}

function pathProblems(path: AccessPath, seen: Set<string>): [Path, string][] {
  const { keepaliveMs, holdMs } = path.session.bgp;
  const problems: [Path, string][] = [];
  if (seen.has(path.name)) problems.push([[], `another access has a path called ${path.name}`]);
  seen.add(path.name);
  if (holdMs < keepaliveMs * ACCESS_LIMITS.keepalivesPerHoldMin)
    problems.push([
      ['bgp'],
      `expected a hold of at least ${ACCESS_LIMITS.keepalivesPerHoldMin} keepalives`,
    ]);
  if (path.kind === 'lag' && path.minimumLinks > path.members)
    problems.push([['minimumLinks'], `expected at most its ${path.members} members`]);
  return problems;
}
