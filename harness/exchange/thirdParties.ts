// The register of third parties as compliance people keep it: one row a supplier, as CSV.

import { stringify } from 'csv-stringify/sync';
import { makeContext, type CheckContext } from '../check/context.ts';
import { listRemovals } from '../check/removals.ts';
import { listAccesses } from '../check/implicitAccess.ts';
import { NATIONAL_EVENING } from '../check/audience.ts';
import { ZONE } from '../check/fromScenario.ts';
import { distinct, lawsOver, lawsOverCompany, suppliersBehind } from '../design/supply.ts';
import type { Design, Place } from '../model/scenario.ts';
import type { Exporter } from './format.ts';

export const thirdParties: Exporter = {
  takes: [],
  write: ({ design }) => ({
    text: stringify([...makeRows(design)], {
      header: true,
      columns: COLUMNS,
      escape_formulas: true,
    }),
    remarks: [],
  }),
};

const COLUMNS = ['supplier', 'function', 'critical', 'substitutable', 'jurisdiction'];

interface Row {
  readonly supplier: string;
  readonly function: string;
  /** `failed over`: only once routing has fallen back. */
  readonly critical: 'yes' | 'failed over' | 'no';
  readonly substitutable: 'yes' | 'no';
  readonly jurisdiction: string;
}

/** Something that a supplier does, and everybody who does the same. */
interface Duty {
  readonly says: string;
  /** The same for all who do it: a role of stages, an access. */
  readonly alike: string;
  /** Everybody without whom it is not done. */
  readonly suppliers: readonly string[];
  readonly place: Omit<Place, 'zone'>;
}

export function makeRows(design: Design): readonly Row[] {
  const duties = listDuties(design);
  const context = makeContext({
    design,
    accesses: listAccesses(design),
    windows: [],
    events: [],
    zone: ZONE,
    audience: NATIONAL_EVENING,
    nowEpochMs: undefined,
    ownerRules: [],
  });
  const names = distinct(duties.flatMap(({ suppliers }) => suppliers)).toSorted();
  return names.map((supplier) => {
    const own = duties.filter(({ suppliers }) => suppliers.includes(supplier));
    const hasOther = (duty: Duty) =>
      duties.some(({ alike, suppliers }) => alike === duty.alike && !suppliers.includes(supplier));
    return {
      supplier,
      function: distinct(own.map(({ says }) => says)).join('; '),
      critical: criticalIn(context, supplier),
      substitutable: own.every(hasOther) ? 'yes' : 'no',
      jurisdiction: listLaws(design, supplier, own).join(' '),
    };
  });
}

function listDuties(design: Design): readonly Duty[] {
  const duty = (says: string, alike: string, place: Omit<Place, 'zone'>): Duty => ({
    says,
    alike,
    place,
    suppliers: distinct([
      ...suppliersBehind(design, place.operator),
      ...(place.technology ? [place.technology.vendor] : []),
      ...(place.keyHolder === undefined ? [] : suppliersBehind(design, place.keyHolder)),
    ]),
  });
  return [
    ...design.stages.map((stage) => duty(`${stage.role} ${stage.name}`, stage.role, stage)),
    ...(design.accesses ?? []).flatMap(({ name, paths }) =>
      paths.map((path) => duty(`access ${name} over ${path.name}`, `access ${name}`, path)),
    ),
    ...(design.services ?? []).map((one) =>
      duty(`service ${one.name}`, `service ${one.name}`, one),
    ),
  ];
}

/** Says if its loss alone takes the programme from anybody. */
function criticalIn(context: CheckContext, supplier: string): Row['critical'] {
  const [normal, ...others] = listRemovals(context).map(({ removals }) =>
    removals.some(
      ({ things: [thing, second] }) =>
        second === undefined &&
        thing?.names.some(
          ({ kind, name }) => (kind === 'operator' || kind === 'technology') && name === supplier,
        ),
    ),
  );
  if (normal) return 'yes';
  return others.some(Boolean) ? 'failed over' : 'no';
}

/** The laws over itself; those of the places that it runs where nothing is said of it. */
function listLaws(design: Design, supplier: string, own: readonly Duty[]): readonly string[] {
  const said = lawsOverCompany(design, supplier);
  if (said.length > 0) return said;
  const run = own.filter(({ place }) => place.operator === supplier);
  const made = own.flatMap(({ place: { technology } }) =>
    technology?.vendor === supplier ? [technology.country] : [],
  );
  return distinct([...run.flatMap(({ place }) => lawsOver(design, place)), ...made]).toSorted();
}
