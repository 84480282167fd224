import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectToxiproxy } from '../../../harness/toxiproxy/adapter.ts';
import { portOf, soon, startEcho, talk } from './parties.ts';

const PROGRAM = fileURLToPath(new URL('../../../harness/toxiproxy/program.ts', import.meta.url));
const ADAPTER = new URL('../../../harness/toxiproxy/adapter.ts', import.meta.url).href;

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecran-noir-toxiproxy-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk) => (output.err += String(chunk)));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output, exit };
}

async function started(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const one = run(['-host', '127.0.0.1', '-port', '0', '-announce', ...args], env);
  await soon('the ready line', () => one.output.out.includes('\n'));
  const ready = JSON.parse(one.output.out) as { type: string; port: number };
  expect(ready.type).toBe('ready');
  const url = `http://127.0.0.1:${ready.port}`;
  return { ...one, url, get: async (path: string) => (await fetch(url + path)).text() };
}

/** True while a process of this number is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a server that somebody else started', () => {
  it('is said to be lost when it ends, whoever uses it at that moment', async () => {
    const { url, child } = await started([]);
    await using links = await connectToxiproxy(url);
    child.kill('SIGKILL');
    expect(await links.lost).toMatchObject({ code: 'LINK_CONTROL_FAILED' });
  });
});

describe('the server as a program', () => {
  it('creates the proxies of its config file, logs at LOG_LEVEL, ends on SIGTERM with 0', async () => {
    await using echo = await startEcho();
    const config = join(folder, 'toxiproxy.json');
    const proxies = [{ name: 'a', listen: '127.0.0.1:0', upstream: echo.address, enabled: true }];
    await writeFile(config, JSON.stringify(proxies));
    const server = await started(['-config', config], { LOG_LEVEL: 'debug' });
    expect(JSON.parse(await server.get('/proxies'))).toMatchObject({ a: { enabled: true } });
    await soon('the request in the log', () => server.output.err.includes('"/proxies"'));
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    await soon('the last words', () => server.output.err.includes('Shutdown started'));
  });

  it('runs on without a config file it cannot use, and says so', async () => {
    const config = join(folder, 'broken.json');
    await writeFile(config, '[{"name": ');
    const server = await started(['-config', config]);
    expect(await server.get('/proxies')).toBe('{}');
    await soon('the failure in the log', () =>
      /Failed to populate proxies from file/.test(server.output.err),
    );
    expect(server.output.err).toContain('unexpected EOF');
  });

  it('answers metrics in the Prometheus format when asked to', async () => {
    await using echo = await startEcho();
    const server = await started(['-proxy-metrics', '-runtime-metrics']);
    const body = { name: 'a"b', listen: '127.0.0.1:0', upstream: echo.address };
    const created = await fetch(`${server.url}/proxies`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const { listen } = (await created.json()) as { listen: string };
    const client = talk(Number(listen.split(':')[1]));
    client.socket.write('hello');
    await client.receive(5);
    const lines = (await server.get('/metrics')).split('\n');
    const labels = `listener="${listen}",proxy="a\\"b",upstream="${echo.address}"`;
    expect(lines).toContain(
      `toxiproxy_proxy_received_bytes_total{direction="upstream",${labels}} 5`,
    );
    expect(lines).toContain(`toxiproxy_proxy_sent_bytes_total{direction="downstream",${labels}} 5`);
    expect(lines).toContain('# TYPE toxiproxy_proxy_sent_bytes_total counter');
    expect(lines).toContain(`go_info{version="node${process.versions.node}"} 1`);
    expect(lines.some((line) => /^go_goroutines \d+$/.test(line))).toBe(true);
    expect(lines.some((line) => /^process_resident_memory_bytes \d+$/.test(line))).toBe(true);
    client.socket.destroy();
  });

  it('carries bytes with sockets of Node where that keeps its handles to itself', async () => {
    await using echo = await startEcho();
    const server = await started([], { NODE_OPTIONS: '--permission --allow-fs-read=*' });
    const create = async (upstream: string): Promise<number> => {
      const proxy = { name: upstream, listen: '127.0.0.1:0', upstream };
      const body = JSON.stringify(proxy);
      const answer = await fetch(`${server.url}/proxies`, { method: 'POST', body });
      return portOf(((await answer.json()) as { listen: string }).listen);
    };
    const sent = Buffer.from(
      Array.from({ length: 3_000_000 }, (_, at) => (at * 7 + (at >> 9)) & 255),
    );
    const client = talk(await create(echo.address));
    client.socket.end(sent);
    expect(await client.outcome).toBe('end');
    expect(client.received().equals(sent)).toBe(true);
    const refused = talk(await create('127.0.0.1:1'));
    expect(['end', 'closed', 'ECONNRESET']).toContain(await refused.outcome);
    await soon('the refusal', () => server.output.err.includes('connect ECONNREFUSED 127.0.0.1:1'));
  });

  it('ends with an error and its exit code when the port is taken or a flag unknown', async () => {
    await using echo = await startEcho();
    const taken = run(['-host', '127.0.0.1', '-port', String(echo.port)]);
    expect(await taken.exit).toBe(69);
    expect(taken.output.err).toContain('address already in use');
    const unknown = run(['-nonsense']);
    expect(await unknown.exit).toBe(64);
    expect(unknown.output.err).toContain('-config');
  });

  it('says on -h how it is used', async () => {
    for (const flag of ['-h', '--help']) {
      const { exit, output } = run([flag]);
      expect(await exit).toBe(0);
      expect(output.out).toMatch(/Usage[^]*-config[^]*-port[^]*Example/);
    }
  });

  it('logs on standard output with the fields of the official server', async () => {
    const server = run(['-host', '127.0.0.1', '-port', '0', '-config', join(folder, 'none.json')]);
    await soon('the failure in the log', () => server.output.out.includes('Failed to populate'));
    const lines = server.output.out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({
        level: 'error',
        error: expect.stringContaining('ENOENT') as string,
      }),
    );
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
  });

  it('runs on after a config file with trailing text, or with one that cannot all be used', async () => {
    await using echo = await startEcho();
    const proxy = (name: string, listen: string, more = {}) => ({
      name,
      listen,
      upstream: echo.address,
      ...more,
    });
    const files = {
      trailing: `${JSON.stringify([proxy('a', '127.0.0.1:0')])} and more`,
      samePort: JSON.stringify([proxy('a', '127.0.0.1:0'), proxy('b', echo.address)]),
      unknownToxic: JSON.stringify([proxy('a', '127.0.0.1:0', { toxics: [{ type: 'none' }] })]),
    };
    const expected = {
      trailing: { names: ['a'], log: /Populated proxies/ },
      samePort: { names: ['a'], log: /address already in use/ },
      unknownToxic: { names: [], log: /invalid toxic type/ },
    };
    for (const [name, text] of Object.entries(files)) {
      const config = join(folder, `${name}.json`);
      await writeFile(config, text);
      const server = await started(['-config', config]);
      const { names, log } = expected[name as keyof typeof files];
      expect(Object.keys(JSON.parse(await server.get('/proxies')) as object)).toEqual(names);
      await soon(`${name} in the log`, () => log.test(server.output.err));
    }
  });

  it('is called by the command line without anything else of it', async () => {
    const main = fileURLToPath(new URL('../../../harness/cli/main.ts', import.meta.url));
    const count = `import { registerHooks } from 'node:module';
      const seen = new Set();
      registerHooks({ resolve: (...[name, context, next]) => {
        const found = next(name, context);
        seen.add(found.url);
        return found;
      } });
      process.once('exit', () => console.error(JSON.stringify([...seen, ...process.moduleLoadList])));`;
    const hooks = `data:text/javascript,${encodeURIComponent(count)}`;
    const args = ['--import', hooks, main, 'toxiproxy', '-version'];
    const child = spawn(process.execPath, args);
    children.push(child);
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    await once(child, 'close');
    const files = (JSON.parse(said) as string[]).filter((url) => url.startsWith('file:'));
    expect(files.some((url) => url.endsWith('server/server.ts'))).toBe(true);
    expect(files.filter((url) => /node_modules|harness\/cli\/(?!main)/.test(url))).toEqual([]);
    expect(files.length).toBeLessThan(80);
    // It takes 4 MB.
    expect(said).not.toContain('NativeModule crypto"');
  });

  it('prints its version', async () => {
    const { exit, output } = run(['-version']);
    expect(await exit).toBe(0);
    expect(output.out).toBe('toxiproxy-server version 2.12.0\n');
  });

  it('ends when its standard input ends, if told so', async () => {
    const server = await started(['-end-with-stdin']);
    server.child.stdin.end();
    expect(await server.exit).toBe(0);
  });

  it('does not outlive a harness that was killed', async () => {
    const harness = join(folder, 'harness.ts');
    await writeFile(
      harness,
      `const { startEmbeddedToxiproxy } = await import(${JSON.stringify(ADAPTER)});
       const control = await startEmbeddedToxiproxy();
       const { hostAddress } = await control.createProxy({ name: 'a', upstream: { host: '127.0.0.1', port: 1 } });
       const { readFileSync, readdirSync } = await import('node:fs');
       const children = readdirSync('/proc/self/task').flatMap((task) =>
         readFileSync(\`/proc/self/task/\${task}/children\`, 'utf8').trim().split(' ').filter(Boolean));
       console.log(JSON.stringify({ children, port: hostAddress.port }));
       setInterval(() => undefined, 1000);`,
    );
    const child = spawn(process.execPath, [harness], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const told = JSON.parse(line) as { children: string[]; port: number };
    expect(told.children).toHaveLength(1);
    const server = Number(told.children[0]);
    expect(isAlive(server)).toBe(true);
    child.kill('SIGKILL');
    await soon('the server to end', () => !isAlive(server));
    expect(await talk(told.port).outcome).toBe('ECONNREFUSED');
  });
});
