// Compiled code is run without a look at what it was made from: it is kept where nobody else can write.

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../support/makeFolder.ts';

let folder: ReturnType<typeof makeFolder>;
let home: string;
beforeEach(() => {
  folder = makeFolder();
  home = join(folder.path, 'home');
  mkdirSync(home);
});
afterEach(() => folder[Symbol.dispose]());

const LAUNCH = `${process.cwd()}/harness/cli/launch.js`;
const TOLD = `import { getCompileCacheDir } from 'node:module';
  process.on('exit', () => console.log(getCompileCacheDir() ?? 'none'));`;

/** Gives the folder that a command keeps its compiled code in. */
function keptIn(env: Readonly<Record<string, string>>): string {
  const tell = `data:text/javascript,${encodeURIComponent(TOLD)}`;
  const args = ['--import', tell, LAUNCH, '--version'];
  const { PATH = '' } = process.env;
  const out = execFileSync(process.execPath, args, { env: { PATH, ...env }, encoding: 'utf8' });
  return out.trim().split('\n').at(-1)!;
}

const usual = (): string => join(home, '.cache/ecran-noir/compiled');

/** Makes the folder as another start would have left it, but for its mode. */
function made(path: string, mode = 0o700): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
}

describe('compiled code', () => {
  it("is kept in a folder of the user's that is closed to others", () => {
    expect(keptIn({ HOME: home }).startsWith(`${usual()}/`)).toBe(true);
    expect(statSync(usual()).mode & 0o777).toBe(0o700);
    const cache = join(folder.path, 'cache');
    made(cache, 0o755);
    const own = keptIn({ HOME: home, XDG_CACHE_HOME: cache });
    expect(own.startsWith(`${cache}/ecran-noir/compiled/`)).toBe(true);
  });

  it('is kept where the user says', () => {
    const said = join(folder.path, 'said');
    expect(keptIn({ HOME: home, NODE_COMPILE_CACHE: said }).startsWith(`${said}/`)).toBe(true);
  });

  const refused: Record<string, () => Readonly<Record<string, string>> | void> = {
    'that does not exist': () => ({}),
    'named without its root': () => ({ HOME: home, XDG_CACHE_HOME: 'cache' }),
    'that a group may write': () => made(usual(), 0o770),
    'that others may write': () => made(usual(), 0o777),
    'in one that others may write': () => made(home, 0o777),
    'beneath one that others may write': () => made(folder.path, 0o777),
    'that is a link': () => {
      made(join(home, '.cache/ecran-noir'));
      made(join(folder.path, 'elsewhere'));
      symlinkSync(join(folder.path, 'elsewhere'), usual());
    },
    'that is a file': () => {
      made(join(home, '.cache'));
      symlinkSync('/dev/null', join(home, '.cache/ecran-noir'));
    },
  };
  // Only root can give a folder to another user.
  if (process.getuid?.() === 0) {
    const given = (path: string) => chownSync(path, 12_345, 12_345);
    refused['of another user'] = () => (made(usual()), given(usual()));
    refused['in one of another user'] = () => given(home);
    refused['through a link to one of another user'] = () => {
      made(join(folder.path, 'theirs'));
      given(join(folder.path, 'theirs'));
      symlinkSync(join(folder.path, 'theirs'), join(home, '.cache'));
    };
  }
  it.each(Object.entries(refused))('is not kept in a folder %s', (_, prepare) => {
    const env = prepare() ?? { HOME: home };
    expect(keptIn(env)).toBe('none');
  });
});
