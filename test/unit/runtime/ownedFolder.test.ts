import { execFileSync } from 'node:child_process';
import fs, { watch } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createOwnedFolder,
  findOwnedFolders,
  removeOwnedFolder,
  removeScratch,
} from '../../../harness/runtime/ownedFolder.ts';
import { thisOwner } from '../../../harness/runtime/owner.ts';

/** Writes a file into each folder right before it is removed, so many times, as a browser may that still ends. */
function writeMeanwhile(times: number): void {
  const { rmdirSync } = fs;
  const remove = vi.spyOn(fs, 'rmdirSync');
  for (let i = 0; i < times; i++)
    remove.mockImplementationOnce((path) => {
      fs.writeFileSync(join(String(path), 'late'), '');
      rmdirSync(path);
    });
  syncBuiltinESMExports();
}
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

let parent: string;
beforeEach(async () => (parent = await mkdtemp(join(tmpdir(), 'owned-test-'))));
afterEach(() => rm(parent, { recursive: true }));

/** A folder as the harness leaves it, with what else is wanted in it. */
async function left(name: string, mode = 0o700): Promise<string> {
  const path = join(parent, `ecran-noir-${name}`);
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
  await writeFile(join(path, '.owner.json'), JSON.stringify(await thisOwner()));
  return path;
}

describe('temporary folders', () => {
  it('say whose they are', async () => {
    const folder = await createOwnedFolder('test');
    try {
      const found = (await findOwnedFolders()).find(({ path }) => path === folder);
      expect(found).toMatchObject({ owner: await thisOwner(), state: 'alive' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('of work that is done are removed, and one that cannot be does not undo the work', async () => {
    const folder = await left('done');
    expect(await removeScratch(folder)).toEqual([]);
    expect(await readdir(parent)).toEqual([]);
    expect(await removeScratch(`${folder}\0`)).toHaveLength(1);
  });

  it('that are written into meanwhile get their owner back, and are removed when that is over', async () => {
    const folder = await left('written');
    writeMeanwhile(1);
    const inside: string[][] = [];
    const sleep = async () => void inside.push(await readdir(folder));
    expect(await removeScratch(folder, { sleep })).toEqual([]);
    expect(inside).toEqual([['.owner.json', 'late']]);
    expect(await readdir(parent)).toEqual([]);
  });

  it('that are written into all the time are left to the next start', async () => {
    const folder = await left('busy');
    writeMeanwhile(12);
    expect(await removeScratch(folder, { sleep: () => Promise.resolve() })).toHaveLength(1);
    await expect(removeOwnedFolder({ path: folder })).rejects.toThrow('ENOTEMPTY');
    const [found] = await findOwnedFolders(parent);
    expect(found).toMatchObject({ path: folder, owner: await thisOwner() });
    await removeOwnedFolder(found!);
    expect(await readdir(parent)).toEqual([]);
  });

  it.each([
    ['removeScratch', (path: string) => removeScratch(path)],
    ['removeOwnedFolder', (path: string) => removeOwnedFolder({ path })],
  ])('lose their owner last by %s: one whose removal was killed is found again', async (_, act) => {
    const folder = await left('dying');
    for (const name of ['a', 'b', 'z']) await writeFile(join(folder, name), name);
    const gone: (string | null)[] = [];
    const watcher = watch(folder, (_, name) => gone.push(name));
    await act(folder);
    const inside = () => gone.filter((name) => name !== basename(folder));
    await expect.poll(inside, { timeout: 30_000 }).toHaveLength(4);
    expect(gone.find((name) => name === '.owner.json')).toBe(gone[3]);
    watcher.close();
  });

  it('that carry no owner are left out', async () => {
    const folder = await mkdtemp(join(parent, 'ecran-noir-'));
    expect(await findOwnedFolders(parent)).toEqual([]);
    await writeFile(join(folder, '.owner.json'), 'not an owner');
    expect(await findOwnedFolders(parent)).toEqual([]);
  });

  it('that are links, or that others may write, are left out', async () => {
    await left('mine');
    await left('open', 0o777);
    await symlink(await left('elsewhere'), join(parent, 'ecran-noir-link'));
    const found = await findOwnedFolders(parent);
    expect(found.map(({ path }) => path).toSorted()).toEqual(
      ['elsewhere', 'mine'].map((name) => join(parent, `ecran-noir-${name}`)),
    );
  });

  it('whose owner is a link, a named pipe or too long are left out, and nothing waits', async () => {
    const owner = join(await left('whole'), '.owner.json');
    const [linked, piped, long] = await Promise.all(
      ['linked', 'piped', 'long'].map((n) => left(n)),
    );
    await Promise.all([linked!, piped!].map((path) => rm(join(path, '.owner.json'))));
    await symlink(owner, join(linked!, '.owner.json'));
    execFileSync('mkfifo', [join(piped!, '.owner.json')]);
    const text = JSON.stringify(await thisOwner());
    await writeFile(join(long!, '.owner.json'), text + ' '.repeat(5000));
    const found = await findOwnedFolders(parent);
    expect(found.map(({ path }) => path)).toEqual([join(parent, 'ecran-noir-whole')]);
  });

  it('are removed whole, and links in them or in their place are not followed', async () => {
    const outside = join(parent, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'kept'), '');
    const path = await left('full');
    await mkdir(join(path, 'stages', 'deep'), { recursive: true });
    await writeFile(join(path, 'stages', 'deep', 'file'), '');
    await symlink(outside, join(path, 'stages', 'link'));
    await removeOwnedFolder({ path });
    await symlink(outside, path);
    await removeOwnedFolder({ path });
    expect(await readdir(outside)).toEqual(['kept']);
    expect(await readdir(parent)).toEqual(['ecran-noir-full', 'outside']);
  });
});
