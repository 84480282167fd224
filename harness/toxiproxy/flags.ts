// The flags of the official server, as it takes them (`-port 1`, `--port 1`, `-port=1`), and ours.

import { parseArgs } from 'node:util';
import { HarnessError, errorMessage } from '../model/errors.ts';

export interface ToxiproxyFlags {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  /** A JSON file of proxies to create at the start. */
  readonly config: string | undefined;
  readonly seed: number | undefined;
  readonly runtimeMetrics: boolean;
  readonly proxyMetrics: boolean;
  readonly version: boolean;
  readonly help: boolean;
  /** Ours: print `{"type":"ready","port":N}` on standard output once the API listens. */
  readonly announce: boolean;
  /** Ours: end when standard input ends, so that nothing outlives who started us. */
  readonly endWithStdin: boolean;
}

/** Toxiproxy's own port. */
const PORT_DEFAULT = 8474;

/** The text that `-h` prints. */
export const USAGE = `Usage of toxiproxy-server:
  -announce
        print {"type":"ready","port":N} on standard output once the API listens; the log goes to
        standard error then
  -config string
        JSON file of proxies to create at the start
  -end-with-stdin, -exit-with-stdin
        end when standard input ends
  -host string
        host that the API listens on (default "localhost")
  -port string
        port that the API listens on; 0 lets the system choose (default "${PORT_DEFAULT}")
  -proxy-metrics
        offer metrics of proxies and toxics at /metrics
  -runtime-metrics
        offer metrics of the process at /metrics
  -seed int
        seed of the random decisions of toxics (default: drawn)
  -version
        print the version
Example:
  toxiproxy-server -port 8474 -config toxiproxy.json
`;

const OPTIONS = {
  h: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  host: { type: 'string', default: 'localhost' },
  port: { type: 'string', default: String(PORT_DEFAULT) },
  config: { type: 'string', default: '' },
  seed: { type: 'string', default: '' },
  'runtime-metrics': { type: 'boolean', default: false },
  'proxy-metrics': { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
  announce: { type: 'boolean', default: false },
  'end-with-stdin': { type: 'boolean', default: false },
  'exit-with-stdin': { type: 'boolean', default: false },
} as const;

export function parseFlags(argv: readonly string[]): ToxiproxyFlags {
  const values = parse(argv);
  return {
    host: values.host,
    port: wholeNumber('port', values.port, 65_535),
    config: values.config === '' ? undefined : values.config,
    seed:
      values.seed === '' ? undefined : wholeNumber('seed', values.seed, Number.MAX_SAFE_INTEGER),
    runtimeMetrics: values['runtime-metrics'],
    proxyMetrics: values['proxy-metrics'],
    version: values.version,
    help: values.h || values.help,
    announce: values.announce,
    endWithStdin: values['end-with-stdin'] || values['exit-with-stdin'],
  };
}

function parse(argv: readonly string[]) {
  const args = argv.flatMap((arg) => {
    const doubled = /^-[a-z]/.test(arg) ? `-${arg}` : arg;
    if (/^--[a-z-]+=(false|0)$/.test(doubled) && isSwitch(doubled)) return [];
    return [isSwitch(doubled) ? doubled.replace(/=(true|1)$/, '') : doubled];
  });
  try {
    return parseArgs({ args, options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw invalid(errorMessage(error));
  }
}

function isSwitch(arg: string): boolean {
  const name = arg.replace(/^--/, '').replace(/=.*$/, '');
  return Object.entries(OPTIONS).some(([key, { type }]) => key === name && type === 'boolean');
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Math.abs(value) <= max && (flag === 'seed' || value >= 0))
    return value;
  throw invalid(`-${flag} takes a whole number up to ${max}, not "${text}"`);
}

const invalid = (message: string): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', message, {
    target: 'toxiproxy',
    hint: `known flags: ${Object.keys(OPTIONS)
      .map((name) => `-${name}`)
      .join(' ')}`,
  });
