// An image with this checkout in it, in which shards play in virtual time.

import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { BASE_IMAGE } from '../../harness/runtime/containers/imageBuild.ts';

const PARTS = ['package.json', 'harness', 'players', 'reports', 'scenarios'];
/** A package with all that lies in its folder. */
const OUTER = /^node_modules\/(?!.*\/node_modules\/)/;
/** Virtual time loads none of these. */
const LARGE = /node_modules\/(node|dashjs|shaka-player|video\.js|@videojs|@kubernetes)(\/|$)/;

/** Answers its name; remove it in the end. */
export async function makeSuiteImage(): Promise<string> {
  const { stdout: id } = await execa('docker', ['create', BASE_IMAGE]);
  const folder = mkdtempSync(join(tmpdir(), 'ecran-noir-suite-image-'));
  try {
    symlinkSync('/opt/suite/harness/cli/launch.js', join(folder, 'ecran-noir'));
    const list = await execa('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
      reject: false,
    });
    const packages = list.stdout
      .split('\n')
      .map((path) => relative(process.cwd(), path))
      .filter((path) => OUTER.test(path) && !LARGE.test(path));
    const node = ['-C', dirname(realpathSync(process.execPath)), 'node'];
    const files = [...PARTS, ...packages, '-C', folder, 'ecran-noir', ...node];
    await execa('tar', ['-c', '--transform', 's,^,suite/,S', ...files], {
      buffer: false,
    }).pipe('docker', ['cp', '-', `${id}:/opt`]);
    const changes = ['WORKDIR /opt/suite', 'ENV PATH=/opt/suite:/usr/bin:/bin'];
    const name = `ecran-noir-suite-test:${process.pid}`;
    await execa('docker', ['commit', ...changes.flatMap((it) => ['--change', it]), id, name]);
    return name;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await execa('docker', ['rm', id]);
  }
}
