// `toxiproxy`: the embedded server by itself, with the flags of the official one.

import { toxiproxyCommand } from '../../toxiproxy/command.ts';
import { textOption, type Argv } from '../options.ts';

export const options = (y: Argv) =>
  y
    .options({
      host: textOption('interface of the API (localhost)'),
      port: textOption('port of the API (8474)'),
      config: textOption('proxies to create at the start (JSON)'),
      seed: textOption('same seed, same connections: same decisions'),
      'proxy-metrics': { type: 'boolean', describe: 'bytes and connections on /metrics' },
      'runtime-metrics': { type: 'boolean', describe: 'process figures on /metrics' },
      'exit-with-stdin': {
        type: 'boolean',
        describe: 'end when standard input ends, as it does when who started this is killed',
      },
    })
    .example('$0 toxiproxy --port 8474 --config toxiproxy.json', 'as the official server');

export const act = async (argv: Readonly<Record<string, unknown>>) => {
  process.exitCode = await toxiproxyCommand(serverFlags(argv));
};

const VALUES = ['host', 'port', 'config', 'seed'] as const;
/** The server's own word for each. */
const SWITCHES = {
  'proxy-metrics': 'proxy-metrics',
  'runtime-metrics': 'runtime-metrics',
  'exit-with-stdin': 'end-with-stdin',
} as const;

/** Back to the words of the server: its own program takes them as they are. */
function serverFlags(argv: Readonly<Record<string, unknown>>): string[] {
  const values = VALUES.flatMap((name) =>
    argv[name] === undefined ? [] : [`-${name}`, String(argv[name] as string | number)],
  );
  const switches = Object.entries(SWITCHES).flatMap(([name, word]) =>
    argv[name] === true ? [`-${word}`] : [],
  );
  return [...values, ...switches];
}
