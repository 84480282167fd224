// A design as a CycloneDX document: each stage, path and service with its provider, the data that
// it has, and what it depends on. CycloneDX's own library knows no data and no trust zone of a
// service, so the document is written here; a test holds it against the schema in that library.

import { listDataFlows } from '../../design/dataFlows.ts';
import { findHops } from '../../design/hops.ts';
import { lawsOver } from '../../design/supply.ts';
import type { AccessPath } from '../../model/access.ts';
import type { Design, Place, Service, Stage } from '../../model/scenario.ts';
import type { Exporter } from '../format.ts';

export const cyclonedxExport: Exporter = {
  takes: [],
  write: ({ design }) => ({ text: `${JSON.stringify(makeBom(design), null, 2)}\n`, remarks: [] }),
};

/** Our own facts about a service, in the place that CycloneDX has for them. */
export const PROPERTY = 'ecran-noir:';

export type PartKind = 'stage' | 'path' | 'service';
export const makeRef = (kind: PartKind, name: string): string => `${kind}:${name}`;

function makeBom(design: Design): object {
  const paths = (design.accesses ?? []).flatMap((access) => access.paths);
  const { stages, services = [] } = design;
  const flows = listDataFlows(design, paths);
  const dataOf = (name: string) =>
    flows
      .filter(({ holders }) => holders.some((holder) => holder.name === name))
      .map((flow) => ({ flow: 'bi-directional', classification: flow.class }));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'platform', 'bom-ref': 'design', name: design.name } },
    services: [
      ...stages.map((stage) => ({
        ...makeService('stage', stage, design),
        trustZone: stage.zone,
        data: dataOf(stage.name),
      })),
      ...paths.map((path) => ({ ...makeService('path', path, design), data: dataOf(path.name) })),
      ...services.map((one) => ({ ...makeService('service', one, design), data: takenBy(one) })),
    ],
    dependencies: stages.map((stage) => ({
      ref: makeRef('stage', stage.name),
      dependsOn: [...before(stage, design), ...needed(stage, services)],
    })),
  };
}

type Part = Omit<Place, 'zone'> & { readonly name: string };

function makeService(kind: PartKind, part: Part | AccessPath, design: Design) {
  const { name, operator, country, law = [], technology, adminFrom = [], keyHolder, label } = part;
  const said = {
    country: [country],
    law,
    jurisdiction: lawsOver(design, part),
    'technology-vendor': technology ? [technology.vendor] : [],
    'technology-country': technology ? [technology.country] : [],
    'admin-from': adminFrom,
    'key-holder': keyHolder === undefined ? [] : [keyHolder],
    label: label ? [`${label.name}, ${label.date}, ${label.source}`] : [],
  };
  return {
    'bom-ref': makeRef(kind, name),
    provider: { name: operator },
    group: kind,
    name,
    properties: Object.entries(said).flatMap(([key, values]) =>
      values.map((value) => ({ name: `${PROPERTY}${key}`, value })),
    ),
  };
}

const takenBy = ({ takes }: Service) =>
  Object.entries(takes).map(([classification, stages]) => ({
    flow: 'inbound',
    classification,
    source: stages.map((stage) => makeRef('stage', stage)),
  }));

/** The stages that the picture comes from. */
const before = (stage: Stage, design: Design): readonly string[] => [
  ...new Set(
    findHops(design)
      .filter(({ to }) => to === stage)
      .map(({ from }) => makeRef('stage', from.name)),
  ),
];

const needed = (stage: Stage, services: readonly Service[]): readonly string[] =>
  services
    .filter(({ neededBy }) => neededBy.includes(stage.name))
    .map(({ name }) => makeRef('service', name));
