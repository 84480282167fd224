// The bill of materials of an image as CycloneDX 1.5 (ECMA-424): its Debian packages as dpkg has
// them, and the Node that we put into it.

import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import { thisOwner } from '../owner.ts';
import type { Engine } from './engine.ts';
import { runForAMoment } from './momentary.ts';
import { LABEL } from './runNetwork.ts';

const ASK_MS_MAX = 30_000;
const FIELDS = '${Package}\\t${Version}\\t${Architecture}\\t${db:Status-Status}\\n';
const ASK = `node --version && . /etc/os-release && echo "$ID-$VERSION_ID" && dpkg-query --show --showformat='${FIELDS}'`;

/** Asks a container of a moment. Throws ENGINE_UNAVAILABLE, IMAGE_BUILD_FAILED. */
export async function imageSbom(engine: Engine, image: string): Promise<object> {
  const owner = JSON.stringify(await thisOwner());
  const labels = (instance: string) => ({
    [LABEL.run]: 'sbom',
    [LABEL.owner]: owner,
    [LABEL.instance]: instance,
  });
  const what = `${image} to list its packages`;
  const { code, said } = await withDeadline(
    { ms: ASK_MS_MAX, what, code: 'ENGINE_UNAVAILABLE' },
    () =>
      runForAMoment({
        network: { engine, labels },
        image,
        instance: 'sbom',
        command: ['sh', '-c', ASK],
      }),
  );
  if (code === 0) return makeBom(image, said);
  throw new HarnessError('IMAGE_BUILD_FAILED', `${image} does not list its packages: ${said}`, {
    target: image,
    hint: 'build it again: ecran-noir images build',
  });
}

/** `said`: the version of Node, the distribution, then a package a line. */
export function makeBom(image: string, said: string): object {
  const [node = '', distro = '', ...lines] = said.trim().split('\n');
  const [name = '', version = ''] = image.split(':');
  const packages = lines
    .map((line) => line.trim().split('\t'))
    .filter(([, , , status]) => status === 'installed');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'container', 'bom-ref': image, name, version } },
    components: [
      {
        type: 'application',
        name: 'node',
        version: node.trim().replace(/^v/, ''),
        ...both(`pkg:generic/node@${node.trim().replace(/^v/, '')}`),
      },
      ...packages.map(([name = '', version = '', arch = '']) => ({
        type: 'library',
        name,
        version,
        ...both(
          `pkg:deb/debian/${escaped(name)}@${escaped(version)}?arch=${arch}&distro=${distro.trim()}`,
        ),
      })),
    ],
  };
}

const both = (purl: string) => ({ purl, 'bom-ref': purl });

/** Escapes a name or version for a package URL, which leaves colons as they are. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':');
