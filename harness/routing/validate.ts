// Refuses the impossible: timers no router takes, paths that carry nothing, events on no path.

import {
  ACCESS_LIMITS,
  type AccessPath,
  type ActiveProbe,
  type Directions,
  type PathEvent,
} from '../model/access.ts';
import { HarnessError } from '../model/errors.ts';
import { eventProblems } from './validateEvents.ts';
import { problem, type AccessProblem } from './problem.ts';

export interface Routed {
  readonly paths: readonly AccessPath[];
  readonly demand: Directions;
  readonly events: readonly PathEvent[];
  readonly probe?: ActiveProbe | undefined;
  readonly holdDownMs?: number;
}

/** Everything wrong with it, in the order it is written; empty = it can be routed. */
export function routingProblems(routed: Routed): readonly AccessProblem[] {
  const { paths, demand, events, probe, holdDownMs = 0 } = routed;
  return [
    ...(paths.length === 0
      ? [problem('paths', 'an access without a path', 'Name at least one path.')]
      : []),
    ...paths.flatMap(pathProblems),
    ...repeatedNames(paths),
    ...(['in', 'back'] as const)
      .filter((direction) => !(demand[direction] >= 0 && Number.isFinite(demand[direction])))
      .map((direction) =>
        problem(
          `demand.${direction}`,
          `a demand of ${demand[direction]}`,
          'Give Mbit/s, 0 or more.',
        ),
      ),
    ...(probe ? probeProblems(probe) : []),
    ...(holdDownMs >= 0 ? [] : [problem('fail-back', 'a negative hold-down', 'Use 0 or more.')]),
    ...events.flatMap((event, index) => eventProblems(event, index, paths)),
  ];
}

/** Throws SCENARIO_INVALID with every problem; `access` names it in the message. */
export function assertRoutable(routed: Routed, access = 'access'): void {
  const problems = routingProblems(routed);
  const [first] = problems;
  if (!first) return;
  throw new HarnessError(
    'SCENARIO_INVALID',
    problems.map(({ where, text }) => `${where}: ${text}`).join('; '),
    { target: `${access}.${first.where}`, hint: first.hint },
  );
}

function pathProblems(path: AccessPath): readonly AccessProblem[] {
  const at = `paths.${path.name}`;
  const sizes: readonly (readonly [string, number])[] =
    path.kind === 'lag'
      ? [
          ['members', path.members],
          ['member-mbps', path.memberMbps],
        ]
      : path.kind === 'vpn'
        ? [
            ['tunnels', path.tunnels],
            ['tunnel-mbps', path.tunnelMbps],
          ]
        : [['capacity', path.capacityMbps]];
  return [
    ...sizes
      .filter(([, size]) => !(size > 0 && Number.isFinite(size)))
      .map(([name, size]) =>
        problem(
          `${at}.${name}`,
          `a ${name} of ${size} carries nothing`,
          'Give what the path can carry, or leave the path out.',
        ),
      ),
    ...(path.kind === 'lag' && !(path.minimumLinks >= 0 && path.minimumLinks <= path.members)
      ? [
          problem(
            `${at}.minimum-links`,
            `${path.minimumLinks} minimum links of ${path.members} members`,
            'Use 0 to the number of members.',
          ),
        ]
      : []),
    ...(path.latencyMs >= 0
      ? []
      : [problem(`${at}.latency`, 'a negative latency', 'Use 0 or more.')]),
    ...timerProblems(path, at),
  ];
}

function timerProblems({ session }: AccessPath, at: string): readonly AccessProblem[] {
  const { bgp, bfd, gracefulRestart } = session;
  const hold = (name: string, holdMs: number): readonly AccessProblem[] =>
    holdMs < ACCESS_LIMITS.holdMsMin
      ? [
          problem(
            `${at}.${name}`,
            `a hold time of ${holdMs} ms`,
            `Use ${ACCESS_LIMITS.holdMsMin} ms or more: 0 (no hold timer) is refused by the provider.`,
          ),
        ]
      : [];
  const checks: readonly (readonly [boolean, string, string, string])[] = [
    [
      bgp.keepaliveMs >= ACCESS_LIMITS.keepaliveMsMin,
      'bgp.keepalive',
      `a keepalive of ${bgp.keepaliveMs} ms`,
      `Use ${ACCESS_LIMITS.keepaliveMsMin} ms or more.`,
    ],
    [
      bgp.holdMs >= ACCESS_LIMITS.keepalivesPerHoldMin * bgp.keepaliveMs,
      'bgp.hold',
      `a hold of ${bgp.holdMs} ms is below three keepalives of ${bgp.keepaliveMs} ms`,
      'Make the hold at least three keepalives, or one lost packet ends the session.',
    ],
    [
      !bfd || Math.max(bfd.intervalMs, bfd.farIntervalMs ?? 0) >= ACCESS_LIMITS.bfdIntervalMsMin,
      'bfd.interval',
      `a BFD interval of ${bfd?.intervalMs} ms`,
      `Use ${ACCESS_LIMITS.bfdIntervalMsMin} ms or more: the slower side wins.`,
    ],
    [
      !bfd || bfd.multiplier >= ACCESS_LIMITS.bfdMultiplierMin,
      'bfd.multiplier',
      `a BFD multiplier of ${bfd?.multiplier}`,
      `Use ${ACCESS_LIMITS.bfdMultiplierMin} or more.`,
    ],
    [
      !gracefulRestart || gracefulRestart.restartMs > 0,
      'graceful-restart',
      'a graceful restart of 0 ms',
      'Leave it out to switch it off.',
    ],
    [session.establishMs >= 0, 'establish', 'a negative time', 'Use 0 or more.'],
    [session.routeProgrammingMs >= 0, 'route-programming', 'a negative time', 'Use 0 or more.'],
  ];
  return [
    ...hold('bgp.hold', bgp.holdMs),
    ...(bgp.farHoldMs === undefined ? [] : hold('bgp.far-hold', bgp.farHoldMs)),
    ...checks
      .filter(([holds]) => !holds)
      .map(([, name, text, hint]) => problem(`${at}.${name}`, text, hint)),
  ];
}

function repeatedNames(paths: readonly AccessPath[]): readonly AccessProblem[] {
  const names = paths.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) =>
    problem(`paths.${name}`, 'two paths of one name', 'Give each path a name of its own.'),
  );
}

function probeProblems(probe: ActiveProbe): readonly AccessProblem[] {
  const checks: readonly (readonly [boolean, string, string])[] = [
    [probe.intervalMs > 0, 'probe.interval', 'Probe every second or so: more than 0.'],
    [probe.failures >= 1, 'probe.failures', 'Leave after at least one bad sample.'],
    [probe.recoveries >= 1, 'probe.recoveries', 'Return after at least one good sample.'],
    [
      probe.lossShareMin > 0 && probe.lossShareMin <= 1,
      'probe.loss',
      'Use a share above 0 %, at most 100 %.',
    ],
  ];
  return checks
    .filter(([holds]) => !holds)
    .map(([, where, hint]) => problem(where, 'a probe that cannot tell anything', hint));
}
