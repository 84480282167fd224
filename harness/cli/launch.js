#!/usr/bin/env node
// Starts the command line with a Node that can run it: from TypeScript in a checkout, from the
// compiled files in a package; with the `node` package's Node where the machine's is too old.

import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** An import would load all that the module can do, which is two of the 60 MB that a server takes. */
const { existsSync, lstatSync, mkdirSync, realpathSync } =
  process.getBuiltinModule?.('node:fs') ?? (await import('node:fs'));

const NODE_MAJOR_MIN = 24;

const compiled = fileURLToPath(new URL('../../dist/harness/cli/main.js', import.meta.url));
const source = fileURLToPath(new URL('./main.ts', import.meta.url));
const main = existsSync(source) ? source : compiled;

// Code that was compiled once needs no compiler, so it is kept before the first TypeScript is read; the
// programs that a run starts inherit it. Node's own place for it belongs to all users of a machine.
if (!process.env.NODE_COMPILE_CACHE) {
  const folder = codeFolder();
  if (folder) process.env.NODE_COMPILE_CACHE = folder;
  if (folder) module.enableCompileCache?.(folder);
}

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  await import(main);
} else {
  const node = packagedNode();
  if (node) await runWith(node);
  else {
    process.stderr.write(
      `ecran-noir needs Node ${NODE_MAJOR_MIN} or newer, this is ${process.versions.node}\n` +
        `hint: install a newer Node, or \`npm install node@${NODE_MAJOR_MIN}\` beside ecran-noir\n`,
    );
    process.exitCode = 69;
  }
}

/** Gives the user's own folder for it. None where others could write there: they would run as this user. */
function codeFolder() {
  const { XDG_CACHE_HOME: cache, HOME: home } = process.env;
  const names = [...(cache ? [] : ['.cache']), 'ecran-noir', 'compiled'];
  let folder = cache || home;
  if (!folder?.startsWith('/') || !process.getuid) return undefined;
  try {
    for (const name of names) {
      folder = realpathSync(folder);
      if (!isSafe(folder)) return undefined;
      folder = `${folder === '/' ? '' : folder}/${name}`;
      if (!existsSync(folder)) mkdirSync(folder, 0o700);
    }
    const { uid, mode } = lstatSync(folder);
    const isOwn = uid === process.getuid() && (mode & 0o170077) === 0o040000;
    return isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** True where only this user and root can put something else in the place of what is in the folder. */
function isSafe(folder) {
  const { uid, mode } = lstatSync(folder);
  const isClosed = (mode & 0o022) === 0 || (mode & 0o1000) !== 0;
  const isOurs = uid === 0 || uid === process.getuid();
  return isOurs && isClosed && (folder === '/' || isSafe(folder.replace(/\/[^/]*$/, '') || '/'));
}

function packagedNode() {
  try {
    const node = createRequire(import.meta.url).resolve('node/bin/node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Modules that start a program are loaded only where one is started. */
async function runWith(node) {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  // A program that a signal ended has 128 and its number, as shells say it: 130 for Ctrl-C.
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
