// The bill of materials of an image as CycloneDX 1.5 (ECMA-424): its Debian packages as dpkg has
// them, and the Node that we put into it.

import { HarnessError } from '../../model/errors.ts';
import { thisOwner } from '../owner.ts';
import { callEngine, type Engine } from './engine.ts';
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
  const [network, command] = [{ engine, labels }, ['sh', '-c', ASK] as const];
  const { code, said } = await callEngine(`${image} to list its packages`, ASK_MS_MAX, () =>
    runForAMoment({ network, image, instance: 'sbom', command }),
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
  const nodeVersion = node.trim().replace(/^v/, '');
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
      part('application', 'node', nodeVersion, `pkg:generic/node@${nodeVersion}`),
      ...packages.map(([name = '', version = '', arch = '']) => {
        const purl = `pkg:deb/debian/${escaped(name)}@${escaped(version)}?arch=${arch}&distro=${distro.trim()}`;
        return part('library', name, version, purl);
      }),
    ],
  };
}

const part = (type: string, name: string, version: string, purl: string) => ({
  type,
  name,
  version,
  purl,
  'bom-ref': purl,
});

/** Escapes a name or version for a package URL, which leaves colons as they are. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':');
