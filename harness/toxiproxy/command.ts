// The server as a command: `ecran-noir toxiproxy -port 8474 -config toxiproxy.json`.

import { HarnessError, errorMessage } from '../model/errors.ts';
import { TOKEN_VARIABLE } from '../kernel/token.ts';
import { parseFlags, USAGE, type ToxiproxyFlags } from './flags.ts';
import { createLog, parseLogLevel, type Log } from './server/log.ts';
import { readProxies } from './server/requestBody.ts';
import { startServer, type StartedServer } from './server/server.ts';
import { TOXIPROXY_VERSION } from './server/version.ts';

/** Runs until SIGTERM, SIGINT or (when told so) the end of standard input. Resolves to the exit code. */
export async function toxiproxyCommand(argv: readonly string[]): Promise<number> {
  const flags = parseFlags(argv);
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (flags.version) {
    process.stdout.write(`toxiproxy-server version ${TOXIPROXY_VERSION}\n`);
    return 0;
  }
  // The log goes to standard output like the official server's, unless that announces the port.
  const output = flags.announce ? process.stderr : process.stdout;
  const log = createLog(parseLogLevel(process.env['LOG_LEVEL']), (line) => output.write(line));
  log('info', 'Starting Toxiproxy', { version: TOXIPROXY_VERSION });
  const asked = askedToEnd(flags);
  await using server = await start(flags, log);
  if (flags.config !== undefined) await populateFrom(flags.config, server, log);
  if (flags.announce)
    process.stdout.write(`${JSON.stringify({ type: 'ready', port: server.port })}\n`);
  settleEngine();
  await asked;
  log('info', 'Shutdown started');
  return 0;
}

/**
 * Sets V8 for a server, which is mostly calls of the system: threads that clear garbage up together
 * wait for each other. Compiled code is kept before, because it is read again only under the flags that
 * it was kept with.
 */
function settleEngine(): void {
  process.getBuiltinModule('node:module').flushCompileCache();
  process.getBuiltinModule('node:v8').setFlagsFromString('--no-parallel-scavenge');
}

async function start(flags: ToxiproxyFlags, log: Log): Promise<StartedServer> {
  const { host, port, seed, proxyMetrics, runtimeMetrics } = flags;
  try {
    const seeded = seed === undefined ? {} : { seed };
    const token = process.env[TOKEN_VARIABLE];
    return await startServer({ host, port, log, token, proxyMetrics, runtimeMetrics, ...seeded });
  } catch (error) {
    throw new HarnessError('PORT_TAKEN', errorMessage(error), {
      target: `${host}:${port}`,
      hint: 'choose another -port, or 0 for one chosen by the system',
      cause: error,
    });
  }
}

/** Loads a config file; a useless one is logged, and the server runs on, like the official one. */
async function populateFrom(file: string, { collection }: StartedServer, log: Log): Promise<void> {
  try {
    const wanted = readProxies(process.getBuiltinModule('node:fs').readFileSync(file, 'latin1'));
    await collection.populate(wanted, []);
    log('info', 'Populated proxies from file', { config: file, proxies: wanted.length });
  } catch (error) {
    log('error', 'Failed to populate proxies from file', {
      config: file,
      error: errorMessage(error),
    });
  }
}

function askedToEnd({ endWithStdin }: ToxiproxyFlags): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    if (!endWithStdin) return;
    process.stdin.once('end', resolve).once('error', () => resolve());
    process.stdin.resume();
  });
}
