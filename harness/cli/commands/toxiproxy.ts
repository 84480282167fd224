// `toxiproxy`: the embedded server by itself, with the flags of the official one.

import type { Argv } from 'yargs';
import { toxiproxyCommand } from '../../toxiproxy/command.ts';

export const options = (y: Argv) =>
  y
    .option('host', { type: 'string', describe: 'interface of the API (localhost)' })
    .option('port', { type: 'string', describe: 'port of the API (8474)' })
    .option('config', { type: 'string', describe: 'proxies to create at the start (JSON)' })
    .option('seed', { type: 'string', describe: 'same seed, same connections: same decisions' })
    .option('proxy-metrics', { type: 'boolean', describe: 'bytes and connections on /metrics' })
    .option('runtime-metrics', { type: 'boolean', describe: 'process figures on /metrics' })
    .option('exit-with-stdin', {
      type: 'boolean',
      describe: 'end when standard input ends, as it does when who started this is killed',
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
