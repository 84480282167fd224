// The YAML shape of an access: the paths that links of a design can run over, and what routers do.

import { z } from 'zod';
import { ACCESS_DEFAULTS, ACCESS_LIMITS } from '../model/access.ts';
import {
  choice,
  count,
  country,
  duration,
  flag,
  mapping,
  name,
  rateMbps,
  shareAboveZero,
  span,
  text,
} from '../fields/fields.ts';
import { supplyFields } from './supplySchema.ts';

const seconds = (ms: number): string => `${ms / 1000}s`;

/** The field for it has sixteen bits of seconds (RFC 4271, 4.2). */
const HOLD_LONGEST = '65535s';

const bgp = mapping('BGP timers; 30 s and 90 s when not said.', {
  keepalive: atLeast(
    'Time between keepalives.',
    ACCESS_LIMITS.keepaliveMsMin,
    HOLD_LONGEST,
  ).prefault(seconds(ACCESS_DEFAULTS.keepaliveMs)),
  hold: atLeast(
    'A session is lost after this long without one.',
    ACCESS_LIMITS.holdMsMin,
    HOLD_LONGEST,
  ).prefault(seconds(ACCESS_DEFAULTS.holdMs)),
  farHold: atLeast(
    'Hold time of the other side; the lower is in force.',
    ACCESS_LIMITS.holdMsMin,
    HOLD_LONGEST,
  ).optional(),
});

const bfd = mapping('BFD; off when not said.', {
  interval: atLeast('Time between BFD packets.', ACCESS_LIMITS.bfdIntervalMsMin, '1m').prefault(
    `${ACCESS_DEFAULTS.bfdIntervalMs}ms`,
  ),
  multiplier: count(
    'Packets missed before the path is down.',
    ACCESS_LIMITS.bfdMultiplierMin,
    255,
  ).default(ACCESS_DEFAULTS.bfdMultiplier),
  farInterval: atLeast('Interval of the other side; the slower is in force.', 1, '1m').optional(),
});

const gracefulRestart = mapping('BGP graceful restart; off when not said.', {
  time: span('Stale routes are kept and used for this long.').prefault(
    seconds(ACCESS_DEFAULTS.gracefulRestartMs),
  ),
  afterHold: flag('Also when the hold timer ran out (RFC 8538).').default(false),
});

const pathFields = {
  circuits: z
    .array(text('A circuit, connection or order number.'), { error: 'expected a list of numbers' })
    .describe('The names that its operator gives it in notices.')
    .prefault([]),
  latency: duration('One way.', '10s').prefault('0s'),
  device: text('The router or port at the far end: what goes away when somebody works on it.'),
  location: text('The building it ends in.'),
  operator: text('Who runs it.'),
  country: country('Country it runs through'),
  ...supplyFields,
  preference: count('The highest usable path carries everything.', 0, 1000).default(100),
  bgp: bgp.prefault({}),
  bfd: bfd.optional(),
  gracefulRestart: gracefulRestart.optional(),
  establish: duration('From a path that answers again to a route that may be used.').prefault(
    seconds(ACCESS_DEFAULTS.establishMs),
  ),
  routeProgramming: duration('From the decision to packets following it.').prefault(
    seconds(ACCESS_DEFAULTS.routeProgrammingMs),
  ),
  filter: choice('A fault nobody has seen yet: what it does once it is needed.', [
    'advertises-nothing',
    'drops-traffic',
  ]).optional(),
  tested: z.iso
    .date({ error: 'expected a date such as "2025-06-01"' })
    .describe('When traffic last really ran over it; never shown when not said.')
    .optional(),
};

const connection = mapping('A single port.', {
  kind: z.literal('connection').describe('A single port, not redundant by itself.'),
  capacity: rateMbps('Each direction, such as 10G.'),
  ...pathFields,
});

const lag = mapping('Parallel ports on one device: more capacity, no more independence.', {
  kind: z.literal('lag').describe('Parallel ports on one device.'),
  members: count('Ports.', 2, 16),
  member: rateMbps('Capacity of one port, such as 10G.'),
  minimumLinks: count('Fewer live ports than this and the whole group is down.', 0, 16).default(0),
  ...pathFields,
});

const vpn = mapping('Tunnels over the internet.', {
  kind: z.literal('vpn').describe('Tunnels over the internet.'),
  tunnels: count('Tunnels.', 1, 50).default(ACCESS_DEFAULTS.tunnels),
  tunnel: rateMbps('Capacity of one tunnel.').prefault('1.25G'),
  ecmp: flag('All tunnels at once; without it one carries and the others wait.').default(false),
  limit: choice('The traffic that the limit counts, each direction or their sum: not public.', [
    'per-direction',
    'sum',
  ]).default('per-direction'),
  ...pathFields,
});

const internet = mapping('The open internet.', {
  kind: z.literal('internet').describe('The open internet.'),
  capacity: rateMbps('Each direction, such as 1G.'),
  ...pathFields,
});

export const pathSchema = z.discriminatedUnion('kind', [connection, lag, vpn, internet], {
  error: 'expected a path with kind: connection, lag, vpn or internet',
});

export const accessSchema = mapping(
  'A redundancy group: paths any of which can carry the links that run over them.',
  {
    links: z
      .record(
        name('Name of a link.'),
        choice('in = towards the cloud, back = from it.', ['in', 'back']),
        { error: 'expected a mapping from link to in or back' },
      )
      .describe('The links that run over these paths, and which way each carries.'),
    demand: mapping(
      'The rate that the real chain sends; without it nothing is asked of capacity.',
      { in: rateMbps('Towards the cloud.'), back: rateMbps('From the cloud.') },
    ).optional(),
    paths: z
      .record(name('Name of a path; unique in the design.'), pathSchema, {
        error: 'expected a mapping from name to path',
      })
      .refine((paths) => Object.keys(paths).length > 0, { error: 'expected at least one path' })
      .meta({
        description: 'The paths; of equal preference the first written one carries.',
        minProperties: 1,
      }),
    probe: mapping('Sends its own packets through every path and leaves one that loses them.', {
      interval: span('Time between samples.', '1h').prefault(
        seconds(ACCESS_DEFAULTS.probe.intervalMs),
      ),
      failures: count('Bad samples in a row before a path is left.', 1, 100).default(
        ACCESS_DEFAULTS.probe.failures,
      ),
      recoveries: count('Good samples in a row before it counts again.', 1, 1000).default(
        ACCESS_DEFAULTS.probe.recoveries,
      ),
      loss: shareAboveZero('A sample is bad from this share of lost packets.').prefault(
        `${ACCESS_DEFAULTS.probe.lossShareMin * 100}%`,
      ),
    }).optional(),
    failBack: z
      .union(
        [
          z.literal('by hand').describe('Somebody has to do it.'),
          mapping('By itself, after a time.', {
            holdDown: duration('A path that came back is left alone for this long.').prefault('0s'),
          }),
        ],
        { error: 'expected by hand, or a mapping with holdDown' },
      )
      .describe('The way traffic goes back to a path that works again.')
      .prefault({}),
  },
);

function atLeast(description: string, minMs: number, longest: string) {
  return span(description, longest).refine((ms) => ms >= minMs, {
    error: `expected at least ${minMs < 1000 ? `${minMs}ms` : seconds(minMs)}`,
  });
}

export type AccessFile = z.output<typeof accessSchema>;
export type PathFile = z.output<typeof pathSchema>;
