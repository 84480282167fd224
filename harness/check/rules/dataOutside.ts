// Holds promises of where data stays against the design, in the normal state and in failed-over ones.

import { listDataFlows, type Holder } from '../../design/dataFlows.ts';
import type { ResidencyScope } from '../../model/scenario.ts';
import { listed, type CheckContext } from '../context.ts';
import { failedOverStates, type DesignState } from '../failedOver.ts';
import type { Found, Rule } from '../rule.ts';

export const dataOutside: Rule = {
  name: 'data-outside',
  find: (context) => {
    const [normal, ...others] = failedOverStates(context.accesses);
    return (context.design.residency ?? []).flatMap((scope) => {
      const always = outside(context, scope, normal);
      const isNew = ({ name }: Holder) => !always.some((holder) => holder.name === name);
      return [
        ...say(context, scope, always),
        ...others.flatMap((state) =>
          say(context, scope, outside(context, scope, state).filter(isNew), state.says),
        ),
      ];
    });
  },
};

function outside(
  { design }: CheckContext,
  { classes, countries }: ResidencyScope,
  state: DesignState | undefined,
): readonly Holder[] {
  const flows = listDataFlows(design, state?.inUse ?? []);
  const holders = flows.flatMap((flow) => (classes.includes(flow.class) ? flow.holders : []));
  return [...new Map(holders.map((one) => [one.name, one])).values()].filter(
    ({ place }) => !countries.includes(place.country),
  );
}

/** It stops a go when it is so now; when it would be so after a failure, somebody has to accept it. */
function say(
  { design }: CheckContext,
  { name, classes, countries }: ResidencyScope,
  holders: readonly Holder[],
  when?: string,
): readonly Found[] {
  if (holders.length === 0) return [];
  const where = holders.map((one) => `${one.kind} ${one.name} (${one.place.country})`);
  return [
    {
      severity: when === undefined ? 'stop' : 'warning',
      targets: [name, ...holders.map((holder) => holder.name)],
      text: `${when === undefined ? '' : `while ${when}: `}${listed(classes)} of the scope ${name} leaves ${listed(countries)}: ${where.join(', ')}`,
      hint: 'Let it stand and pass inside, or take the class out of the promise.',
      source: `design ${design.name}`,
    },
  ];
}
