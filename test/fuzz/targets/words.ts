// Words of a command line. A command that only reads is called; of the others the words are parsed.

import fc from 'fast-check';
import { parseWords } from '../../../harness/cli/parser.ts';
import { EXIT } from '../../../harness/model/errors.ts';
import { parseFlags } from '../../../harness/toxiproxy/flags.ts';
import { Mistake, requireFinite, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const PLAN = 'scenarios/changes/autumn-2025.yaml';

/** A word a line. */
const SEEDS = [
  `run ${NIGHT} --compress 60 --viewers 12 --seed 4 --runtime auto --browser host --quiet --json`,
  `run ${NIGHT} --design single-access --variant bfd --toxiproxy http://127.0.0.1:8474 --out=runs`,
  `plan ${NIGHT} --compress 60 --viewers 3 --seed 2 --json`,
  `simulate ${NIGHT} --seed 7`,
  `simulate ${NIGHT} --engine agents --audience 10300000 --capacity edge=100 --capacity origin=9`,
  `search ${NIGHT} --shard 2/4 --limit p99(blackScreen)<5s --agents 400 --finalists 2 --killer`,
  'merge parts/1 parts/2 --out merged --reporters json,junit --workers 2',
  'watch https://example.org/live.m3u8 --for 90s --player shaka --expect max(blackScreen)<=1s',
  'viewers --join http://10.0.0.1:8400 --token t --count 24 --name studio-b',
  `run ${NIGHT} --wall-workers 2 --wall-listen 10.0.0.1:8400 --wall-advertise a --wall-wait 60`,
  'test scenarios --engine agents --reporters markdown,html --shard 1/3 --tag night --repeat 2',
  `validate ${NIGHT} ${PLAN} --json`,
  `check ${PLAN} --now 2025-09-01T00:00:00+02:00 --zone Europe/Paris --json`,
  `compare ${NIGHT} --designs single-access,dual-access-bgp --repeat 3 --parallel 2`,
  'calibrate --screen --viewers 12,24 --lengths 1s,2s',
  'list designs --json',
  'schema scenario',
  'report runs/night/latest --json',
  'init --name mine --for 40m --yes',
  'clean --dry-run',
  'images list',
  'doctor --json',
  'toxiproxy -port 8474 -host localhost -seed 3 -proxy-metrics',
  '--version',
  'run --help',
].map((line) => line.replaceAll(' ', '\n'));

const OPTIONS = [
  ...['--compress', '--viewers', '--seed', '--json', '--no-json', '--help', '-v', '-h', '--', '-'],
  ...['--design', '--variant', '--out', '--runtime', '--repeat', '--now', '--zone', '--mapping'],
  ...['--compress=', '--seed=1e99', '--__proto__', '--constructor.name', '--json.x', '--seed.0=1'],
  ...['--reporters', '--reporters=', '--shard', '--shard=0/0', '--capacity', '--limit', '--expect'],
  ...['--for', '--join', '--count', '--wall-workers', '--engine', '--engine=agents', '--audience'],
  ...['completion', '--get-yargs-completions', 'help', '-vvv', '--verbose=no', '--viewers=-1'],
];

const withWords = (seeds: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...OPTIONS))))
    .map(([seed, added]) =>
      added
        .reduce(
          (words, [at, word]) => words.toSpliced(at % (words.length + 1), 0, word),
          seed.split('\n'),
        )
        .join('\n'),
    );

/** They write nothing, start nothing and do not look at the machine. */
const READING = new Set(['plan', 'validate', 'check', 'list', 'schema']);
const CODES: ReadonlySet<unknown> = new Set(Object.values(EXIT));

async function call(words: readonly string[]): Promise<void> {
  await parseWords(words, async ({ command, act }, argv) => {
    requireFinite(argv);
    const [name = ''] = command.split(' ');
    if (name === 'toxiproxy') requireFinite(parseFlags(words.slice(1)));
    if (!READING.has(name) || 'junit' in (argv as object)) return;
    await act(argv);
    const { exitCode } = process;
    process.exitCode = undefined;
    if (exitCode === EXIT.internal || (exitCode !== undefined && !CODES.has(exitCode)))
      throw new Mistake(`exit code ${exitCode}`);
  });
}

/** Gives all that is printed while it lasts. */
async function printed(work: () => Promise<void>): Promise<string> {
  const pieces: string[] = [];
  const take = (piece: unknown) => pieces.push(String(piece)) > 0;
  const taken = [
    ...(['log', 'error'] as const).map((name) => replaced(console, name, take)),
    ...[process.stdout, process.stderr].map((stream) => replaced(stream, 'write', take)),
  ];
  try {
    await work();
  } finally {
    for (const giveBack of taken) giveBack();
  }
  return pieces.join('\n');
}

function replaced<T extends object, K extends keyof T>(of: T, name: K, by: T[K]): () => void {
  const was = of[name];
  of[name] = by;
  return () => {
    of[name] = was;
  };
}

export const WORDS: Target = {
  name: 'words',
  share: 3,
  seeds: SEEDS,
  mutants: (seeds) => fc.oneof(mutantsOf(seeds), withWords(seeds)),
  feed: (lines) => printed(() => call(lines.split('\n').filter((word) => !word.includes('\0')))),
};
