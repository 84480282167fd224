// Prints the bill of materials of the package as CycloneDX:  node harness/cli/writeSbom.ts

import { execa } from 'execa';
import { packageRoot } from '../rehearsal/version.ts';
import { outliveReaders, print } from './terminal.ts';

outliveReaders();

interface Bom {
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');

const { stdout } = await execa(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'],
  { cwd: packageRoot(), preferLocal: false },
);
const bom = JSON.parse(stdout) as Bom;
// npm calls the component by the name of the folder, and with `--omit dev` it also leaves out what
// both the package and its development need.
const component = { ...bom.metadata.component, name: 'ecran-noir' };
const components = bom.components.filter((one) => !isForDevelopment(one));
const left = new Set(bom.components.filter(isForDevelopment).map((one) => one['bom-ref']));
const dependencies = bom.dependencies
  .filter(({ ref }) => !left.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => !left.has(on)) }));
const metadata = { ...bom.metadata, component };
print(JSON.stringify({ ...bom, metadata, components, dependencies }, null, 2));
