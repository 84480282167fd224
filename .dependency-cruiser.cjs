// Who may import whom (ARCHITECTURE.md, "Rooms"). `npm run imports` fails on any other way.
const room = (name) => `^harness/${name}/`;
/** The names of players: pure data, that every room may read. */
const PLAYERS = '^players/registry\\.ts$';
/** A checksum is a function of its text alone. */
const CHECKSUM = '^zlib$';
const only = (from, allowed, comment) => ({
  name: `only-${from.replace(/[^a-z]+/g, '-')}`,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(harness|players|reports)/',
    pathNot: [`^${from}/`, PLAYERS, ...allowed.map((a) => `^${a}/`)],
  },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    only('harness/model', [], 'the vocabulary imports nothing'),
    only(
      'harness/design',
      ['harness/model', 'harness/kernel', 'harness/fields'],
      'pure: the design graph, one file a role',
    ),
    only(
      'harness/alerts',
      ['harness/model', 'harness/kernel'],
      'one file a carriage of alerts; stages come in as arguments',
    ),
    only('harness/kernel', ['harness/model'], 'time, chance, deadlines, cleanup'),
    only(
      'harness/people',
      ['harness/model', 'harness/kernel', 'harness/design'],
      'pure: one file a behaviour',
    ),
    only('harness/fields', ['harness/model', 'harness/kernel'], 'pure: the values files hold'),
    only(
      'harness/scenario',
      [
        ...['harness/model', 'harness/kernel', 'harness/design', 'harness/routing'],
        ...['harness/fields', 'harness/faults', 'harness/measure/metrics', 'harness/alerts'],
        'harness/people',
      ],
      'data in, plan out; expectations name metrics',
    ),
    only('harness/measure', ['harness/model', 'harness/design', 'harness/faults'], 'pure'),
    only(
      'harness/routing',
      ['harness/model', 'harness/kernel'],
      'pure: path events in, link states out',
    ),
    only(
      'harness/check',
      [
        'harness/model',
        'harness/kernel',
        'harness/design',
        'harness/routing',
        'harness/fields',
        'harness/faults',
        'harness/scenario',
      ],
      'pure: windows and design in, findings out',
    ),
    only(
      'harness/exchange',
      [
        ...['harness/model', 'harness/kernel', 'harness/design', 'harness/routing'],
        ...['harness/fields', 'harness/scenario', 'harness/check'],
      ],
      'pure: one file a format that other tools read or write',
    ),
    only(
      'harness/simulate',
      [
        ...['harness/model', 'harness/kernel', 'harness/design', 'harness/faults'],
        ...['harness/pipeline', 'harness/alerts', 'harness/people'],
      ],
      'production code in virtual time; viewers come in as an argument',
    ),
    only(
      'harness/search',
      [
        ...['harness/model', 'harness/kernel', 'harness/design', 'harness/fields'],
        'harness/scenario',
      ],
      'pure: a space of designs, and the way through it; who plays them comes in as an argument',
    ),
    only('harness/pipeline', ['harness/model', 'harness/kernel'], 'stages'),
    only(
      'harness/runtime',
      ['harness/model', 'harness/kernel', 'harness/design', 'harness/pipeline'],
      'starts stages',
    ),
    only('harness/toxiproxy', ['harness/model', 'harness/kernel'], 'links'),
    only(
      'harness/faults',
      ['harness/model', 'harness/kernel', 'harness/design', 'harness/fields'],
      'pure: one file a kind of fault',
    ),
    only(
      'harness/witness',
      ['harness/model', 'harness/kernel', 'harness/design', 'harness/faults'],
      'pure: who can tell, and what proves it',
    ),
    only('harness/probe', ['harness/model', 'harness/kernel'], 'opens sockets to ask'),
    only(
      'harness/run',
      [
        ...['harness/model', 'harness/kernel', 'harness/design', 'harness/scenario'],
        ...['harness/faults', 'harness/witness', 'harness/alerts', 'harness/people'],
      ],
      'the world comes in as arguments',
    ),
    only(
      'harness/store',
      ['harness/model', 'harness/kernel', 'harness/measure'],
      'the index of runs, made of their reports',
    ),
    {
      name: 'one-folder-a-database',
      severity: 'error',
      from: { path: '^(harness|reports|players)/', pathNot: room('store') },
      to: { path: '^(node:)?sqlite$' },
    },
    only(
      'harness/cluster',
      ['harness/model', 'harness/kernel'],
      'one file a cluster that plays shards; knows no suite',
    ),
    only('harness/screen', ['harness/model', 'harness/kernel'], 'a display and its recording'),
    only('players', ['harness/model', 'harness/kernel'], 'browsers'),
    only('reports', ['harness/model', 'harness/design'], 'pure'),
    {
      name: 'help-loads-little',
      comment:
        'the words of a command are read without what it does: that is loaded when it is called',
      severity: 'error',
      from: { path: '^harness/cli/(commands|[^/]+)(/|\\.ts$)', pathNot: '^harness/cli/actions/' },
      to: {
        path: '^harness/cli/actions/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'pure-rooms-touch-no-machine',
      severity: 'error',
      from: {
        path: `${room('measure')}|${room('model')}|${room('design')}|${room('faults')}|${room('witness')}|${room('simulate')}|${room('routing')}|${room('people')}|${room('check')}|${room('exchange')}|${room('search')}|^reports/`,
      },
      to: { dependencyTypes: ['core'], pathNot: CHECKSUM },
    },
    {
      name: 'witnesses-know-no-real-time',
      severity: 'error',
      from: { path: room('witness') },
      to: { path: '^harness/kernel/(clock|cleanup|deadline|load|priority)' },
    },
    {
      name: 'one-folder-a-technology',
      severity: 'error',
      from: {
        path: '^(harness|reports|players)/',
        pathNot: '^(harness/toxiproxy|harness/runtime|players)/',
      },
      to: {
        path: 'node_modules/(toxiproxy-node-client|testcontainers|@testcontainers|puppeteer|hls\\.js|shaka-player|video\\.js|dashjs)/',
      },
    },
    {
      name: 'one-folder-kubernetes',
      severity: 'error',
      from: { path: '^(harness|reports|players)/', pathNot: room('cluster') },
      to: { path: 'node_modules/@kubernetes/' },
    },
    {
      name: 'only-the-command-line-rehearses',
      comment: 'rehearsal imports every room but cli; it is offered by cli and by index.ts',
      severity: 'error',
      from: {
        path: '^(harness|players|reports)/',
        pathNot: '^harness/(cli/|rehearsal/|index\\.ts$)',
      },
      to: { path: '^harness/rehearsal/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { path: '^(harness|players|reports)/', pathNot: '^harness/cli/' },
      to: { path: '^harness/cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
