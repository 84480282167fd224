// The bills of materials, of the package and of the images, are CycloneDX as its own library has it.

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeBom } from '../../harness/runtime/containers/imageSbom.ts';

interface Bom {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { readonly name: string; readonly purl: string }[];
}

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);

async function expectCycloneDx(bom: object): Promise<void> {
  expect(await validator.validate(JSON.stringify(bom))).toBeNull();
  const spoiled = { ...bom, components: [{ type: 'nonsense', name: 'x' }] };
  expect(await validator.validate(JSON.stringify(spoiled))).not.toBeNull();
}

test('the package lists what it depends on', async () => {
  const { stdout } = await execa(process.execPath, ['harness/cli/writeSbom.ts']);
  const bom = JSON.parse(stdout) as Bom;
  await expectCycloneDx(bom);
  expect(bom.metadata.component.name).toBe('ecran-noir');
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: object;
  };
  const names = bom.components.map(({ purl }) =>
    decodeURIComponent(purl.slice(8)).split('@').slice(0, -1).join('@'),
  );
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(names).not.toContain('vitest');
});

test('an image lists its Debian packages and its Node', async () => {
  const said = `v24.21.0
debian-12
libc6\t2.36-9+deb12u10\tamd64\tinstalled
libstdc++6\t1:12.2.0-14\tamd64\tinstalled
libgl1-mesa-dri\t22.3.6-1\tamd64\tconfig-files
`;
  const bom = makeBom('ecran-noir-stage:1f2e', said) as Bom;
  await expectCycloneDx(bom);
  expect(bom.components.map(({ purl }) => purl)).toEqual([
    'pkg:generic/node@24.21.0',
    'pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12',
    'pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14?arch=amd64&distro=debian-12',
  ]);
});
