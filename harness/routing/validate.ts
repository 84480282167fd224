// Refuses the impossible: timers no router takes, paths that carry nothing, events on no path.

import {
  ACCESS_LIMITS,
  type AccessPath,
  type ActiveProbe,
  type BfdTimers,
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

/** Something that must hold, and what is said at a place where it does not. */
type Check = readonly [holds: boolean, where: string, text: string, hint: string];

/** Everything wrong with it, in the order it is written; empty = it can be routed. */
export function routingProblems(routed: Routed): readonly AccessProblem[] {
  const { paths, demand, events, probe, holdDownMs = 0 } = routed;
  const checks: readonly Check[] = [
    [paths.length > 0, 'paths', 'an access without a path', 'Name at least one path.'],
    ...paths.flatMap(pathChecks),
    ...nameChecks(paths),
    ...(['in', 'back'] as const).map((direction): Check => {
      const mbps = demand[direction];
      const holds = mbps >= 0 && Number.isFinite(mbps);
      return [holds, `demand.${direction}`, `a demand of ${mbps}`, 'Give Mbit/s, 0 or more.'];
    }),
    ...(probe ? probeChecks(probe) : []),
    [holdDownMs >= 0, 'fail-back', 'a negative hold-down', 'Use 0 or more.'],
  ];
  return [
    ...checks.filter(([holds]) => !holds).map(([, ...wrong]) => problem(...wrong)),
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

const pathChecks = (path: AccessPath): readonly Check[] =>
  [
    ...sizeChecks(path),
    [path.latencyMs >= 0, 'latency', 'a negative latency', 'Use 0 or more.'] as const,
    ...timerChecks(path),
  ].map(([holds, where, text, hint]) => [holds, `paths.${path.name}.${where}`, text, hint]);

function sizeChecks(path: AccessPath): readonly Check[] {
  const carries = (name: string, size: number): Check => [
    size > 0 && Number.isFinite(size),
    name,
    `a ${name} of ${size} carries nothing`,
    'Give what the path can carry, or leave the path out.',
  ];
  switch (path.kind) {
    case 'connection':
    case 'internet':
      return [carries('capacity', path.capacityMbps)];
    case 'vpn':
      return [carries('tunnels', path.tunnels), carries('tunnel-mbps', path.tunnelMbps)];
    case 'lag': {
      const { members, memberMbps, minimumLinks } = path;
      const fits = minimumLinks >= 0 && minimumLinks <= members;
      const text = `${minimumLinks} minimum links of ${members} members`;
      return [
        carries('members', members),
        carries('member-mbps', memberMbps),
        [fits, 'minimum-links', text, 'Use 0 to the number of members.'],
      ];
    }
  }
}

function timerChecks({ session }: AccessPath): readonly Check[] {
  const { bgp, bfd, gracefulRestart } = session;
  const hold = (name: string, holdMs: number): Check => [
    !(holdMs < ACCESS_LIMITS.holdMsMin),
    name,
    `a hold time of ${holdMs} ms`,
    `Use ${ACCESS_LIMITS.holdMsMin} ms or more: 0 (no hold timer) is refused by the provider.`,
  ];
  return [
    hold('bgp.hold', bgp.holdMs),
    ...(bgp.farHoldMs === undefined ? [] : [hold('bgp.far-hold', bgp.farHoldMs)]),
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
    ...(bfd ? bfdChecks(bfd) : []),
    [
      !gracefulRestart || gracefulRestart.restartMs > 0,
      'graceful-restart',
      'a graceful restart of 0 ms',
      'Leave it out to switch it off.',
    ],
    [session.establishMs >= 0, 'establish', 'a negative time', 'Use 0 or more.'],
    [session.routeProgrammingMs >= 0, 'route-programming', 'a negative time', 'Use 0 or more.'],
  ];
}

const bfdChecks = ({ intervalMs, farIntervalMs = 0, multiplier }: BfdTimers): readonly Check[] => [
  [
    Math.max(intervalMs, farIntervalMs) >= ACCESS_LIMITS.bfdIntervalMsMin,
    'bfd.interval',
    `a BFD interval of ${intervalMs} ms`,
    `Use ${ACCESS_LIMITS.bfdIntervalMsMin} ms or more: the slower side wins.`,
  ],
  [
    multiplier >= ACCESS_LIMITS.bfdMultiplierMin,
    'bfd.multiplier',
    `a BFD multiplier of ${multiplier}`,
    `Use ${ACCESS_LIMITS.bfdMultiplierMin} or more.`,
  ],
];

function nameChecks(paths: readonly AccessPath[]): readonly Check[] {
  const names = paths.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twice)].map((name) => [
    false,
    `paths.${name}`,
    'two paths of one name',
    'Give each path a name of its own.',
  ]);
}

function probeChecks(probe: ActiveProbe): readonly Check[] {
  const { intervalMs, failures, recoveries, lossShareMin } = probe;
  const blind = 'a probe that cannot tell anything';
  const isShare = lossShareMin > 0 && lossShareMin <= 1;
  return [
    [intervalMs > 0, 'probe.interval', blind, 'Probe every second or so: more than 0.'],
    [failures >= 1, 'probe.failures', blind, 'Leave after at least one bad sample.'],
    [recoveries >= 1, 'probe.recoveries', blind, 'Return after at least one good sample.'],
    [isShare, 'probe.loss', blind, 'Use a share above 0 %, at most 100 %.'],
  ];
}
