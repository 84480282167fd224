// Says who could be ordered to hand data over, under which law, and for what reason.

import { listDataFlows, type DataFlow, type Holder } from '../../design/dataFlows.ts';
import { distinct, lawsOver, lawsOverCompany } from '../../design/supply.ts';
import type { CheckContext } from '../context.ts';
import { failedOverStates } from '../failedOver.ts';
import type { Found, Rule } from '../rule.ts';

export const exposure: Rule = {
  name: 'exposure',
  find: (context) => (saysSuppliers(context) ? exposed(context) : []),
};

/** Nothing is known but its countries of a design that says nothing of laws and keys. */
function saysSuppliers({ design, accesses }: CheckContext): boolean {
  const { stages, services = [], suppliers = [] } = design;
  const places = [...stages, ...services, ...accesses.flatMap(({ paths }) => paths)];
  return (
    suppliers.length > 0 ||
    services.length > 0 ||
    places.some(({ law, adminFrom, keyHolder }) => law ?? adminFrom ?? keyHolder)
  );
}

/** A law over data, and what makes it reach that far. */
interface Reason {
  readonly law: string;
  readonly why: string;
}

/** One finding a flow: each law with its reasons; failed over, the reasons that are new. */
function exposed({ design, accesses }: CheckContext): readonly Found[] {
  const told = new Set<string>();
  return failedOverStates(accesses).flatMap(({ says, inUse }) =>
    listDataFlows(design, inUse).flatMap((flow) => {
      const key = ({ law, why }: Reason) => `${flow.class}: ${law}, ${why}`;
      const reasons = listReasons(flow, design).filter((reason) => !told.has(key(reason)));
      reasons.forEach((reason) => told.add(key(reason)));
      return reasons.length === 0 ? [] : [finding(flow, reasons, { says, design: design.name })];
    }),
  );
}

function finding(
  { class: data, holders }: DataFlow,
  reasons: readonly Reason[],
  { says, design }: { readonly says: string | undefined; readonly design: string },
): Found {
  const byLaw = Map.groupBy(reasons, ({ law }) => law);
  const laws = [...byLaw].map(
    ([law, those]) => `under the law of ${law}, for ${those.map(({ why }) => why).join(', ')}`,
  );
  return {
    severity: 'note',
    targets: [...holders.map(({ name }) => name), ...byLaw.keys()],
    text: `${says === undefined ? '' : `while ${says}, too: `}${data} could be ordered to be handed over ${laws.join('; ')}`,
    hint: 'Keys held by somebody whom such a law does not reach take its reason away.',
    source: `design ${design}`,
  };
}

const listReasons = ({ holders }: DataFlow, design: CheckContext['design']): readonly Reason[] =>
  holders.flatMap((holder) => [
    ...lawsAt(holder, design),
    ...(holder.place.adminFrom ?? []).map((law) => ({
      law,
      why: `${holder.name} is administered from there`,
    })),
  ]);

/** Whoever holds no key holds nothing that can be read: then the law of the key holder counts. */
function lawsAt({ name, place }: Holder, design: CheckContext['design']): readonly Reason[] {
  const { keyHolder = place.operator } = place;
  if (keyHolder === place.operator)
    return lawsOver(design, place).map((law) => ({
      law,
      why: `${place.operator} has it in clear at ${name}`,
    }));
  const laws = lawsOverHolder(design, keyHolder);
  return (laws.length > 0 ? laws : [NOT_SAID]).map((law) => ({
    law,
    why: `${keyHolder} holds its keys at ${name}`,
  }));
}

/** A company that nobody describes obeys where it runs something. */
function lawsOverHolder(design: CheckContext['design'], company: string): readonly string[] {
  const { stages, services = [] } = design;
  const own = [...stages, ...services].filter(({ operator }) => operator === company);
  return distinct([
    ...lawsOverCompany(design, company),
    ...own.flatMap((place) => lawsOver(design, place)),
  ]);
}

const NOT_SAID = 'a country that nobody says';
