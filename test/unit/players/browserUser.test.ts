// Who the browser runs as: nobody's user where we are root, and what is said when that cannot be.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseBrowserUser, withoutSandbox } from '../../../players/browserUser.ts';
import { folderForEach } from '../../support/folders.ts';

const chrome = '/usr/bin/chromium';
let folder: string;
folderForEach((path) => (folder = path));

const choose = (uid: number, run: (args: readonly string[]) => Promise<unknown>) => {
  const given: string[] = [];
  const profileDir = join(folder, 'profile');
  const chown = async (path: string, user: number) => void given.push(`${path} ${user}`);
  const asked = {
    chrome,
    profileDir,
    uid,
    chown,
    run: (_: string, args: readonly string[]) => run(args),
  };
  return chooseBrowserUser(asked).then((user) => ({ user, given, profileDir }));
};
const failing = (error: object) => () => Promise.reject(Object.assign(new Error('failed'), error));

describe('the user of the browser', () => {
  it('is our own, with the sandbox, where we are not root', async () => {
    const { user, given, profileDir } = await choose(1000, failing({}));
    expect(user).toEqual({ before: [], sandbox: true, description: 'sandboxed' });
    expect(given).toEqual([]);
    expect(statSync(profileDir).mode & 0o777).toBe(0o700);
  });

  it('is a user without account or rights where we are root, and the profile is its own', async () => {
    const { user, given, profileDir } = await choose(0, async () => undefined);
    const id = Number(/^as user (\d+), sandboxed$/.exec(user.description)?.[1]);
    expect(id).toBeGreaterThan(60_000);
    expect(given).toEqual([`${profileDir} ${id}`]);
    expect(user.because).toBeUndefined();
    expect(user.before).toEqual([
      ...['/usr/bin/env', 'setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups'],
      ...['--inh-caps=-all,+sys_nice', '--ambient-caps=-all,+sys_nice'],
      ...['--bounding-set=-all,+sys_nice', '--'],
    ]);
  });

  it('has no right at all where even priorities cannot be given away', async () => {
    const { user } = await choose(0, async (args) => {
      if (args.some((arg) => arg.includes('sys_nice'))) throw new Error('no such right');
    });
    expect(user).toMatchObject({ sandbox: true });
    expect(user.before).toContain('--bounding-set=-all');
  });

  it.each([
    [{ code: 127 }, 'setpriv (util-linux) is not installed'],
    [{ code: 'ENOENT' }, 'setpriv (util-linux) is not installed'],
    [{ code: 1, stderr: '' }, `cannot reach ${chrome} or its profile`],
    [{ code: 1, stderr: 'setpriv: setresuid failed: Invalid argument\n' }, 'setresuid failed'],
  ])('is root without sandbox, and it is said why: %j', async (error, why) => {
    const { user, given } = await choose(0, failing(error));
    expect(user).toMatchObject({ before: [], sandbox: false });
    expect(user.description).toBe('as root, without sandbox');
    expect(user.because).toContain(why);
    expect(given.at(-1)).toMatch(/ 0$/);
  });

  it('keeps its rights when the kernel has no sandbox', async () => {
    const { user } = await choose(0, async () => undefined);
    expect(withoutSandbox(user)).toMatchObject({ before: user.before, sandbox: false });
    expect(withoutSandbox(user).description).toMatch(/^as user \d+, without sandbox$/);
    expect(withoutSandbox(user).because).toContain('user namespace');
  });
});
