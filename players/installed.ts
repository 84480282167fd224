// The packages of players that are installed here, and their versions.

import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { HarnessError } from '../harness/model/errors.ts';
import type { PagePlayer } from './registry.ts';

type Versions = Readonly<Record<string, string>>;

/**
 * The version of each player that is installed, by its name in a scenario. Throws TOOL_MISSING with
 * all that are not: every player but the first is an optional dependency.
 */
export function findVersions(players: Readonly<Record<string, PagePlayer>>): Versions {
  const found = Object.entries(players).map(([name, player]) => ({
    name,
    package: player.package,
    version: installedVersion(player.package),
  }));
  const missing = found.filter(({ version }) => version === undefined);
  if (missing.length > 0) throw notInstalled(missing);
  return Object.fromEntries(found.map(({ name, version }) => [name, version!]));
}

const notInstalled = (missing: readonly { name: string; package: string }[]): HarnessError =>
  new HarnessError(
    'TOOL_MISSING',
    `not installed: ${missing.map(({ name }) => `the player ${name}`).join(', ')}`,
    {
      target: 'viewers.player',
      hint: `Run: npm install ${missing.map((one) => wanted(one.package)).join(' ')}`,
    },
  );

function installedVersion(name: string): string | undefined {
  const file = packageFile(name);
  return file === undefined ? undefined : (readPackage(file) as { version: string }).version;
}

function packageFile(name: string): string | undefined {
  try {
    return findPackageJSON(name, import.meta.url);
  } catch {
    return undefined;
  }
}

/** The version that this package was made for. */
function wanted(name: string): string {
  const own = findPackageJSON('..', import.meta.url);
  const { optionalDependencies = {} } = (own === undefined ? {} : readPackage(own)) as {
    readonly optionalDependencies?: Versions;
  };
  const version = optionalDependencies[name];
  return version === undefined ? name : `${name}@${version}`;
}

const readPackage = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
