// Whatever file somebody wants judged: a change plan, or a scenario with windows.

import { HarnessError } from '../model/errors.ts';
import { parseScenario, type ScenarioChoice } from '../scenario/load.ts';
import { readYaml } from '../scenario/sourceFile.ts';
import { readChangePlan, type ChangePlanTexts } from './changePlan/readChangePlan.ts';
import { checkInputOf } from './fromScenario.ts';
import type { CheckInput } from './input.ts';
import { isZone } from '../kernel/zone.ts';

export interface CheckTexts extends ChangePlanTexts {
  /** IANA time zone of the audience of a scenario; a change plan says its own. */
  readonly zone?: string;
  /** A variant of a scenario, or another design to judge it on. */
  readonly choice?: ScenarioChoice;
}

/**
 * @throws HarnessError SCENARIO_INVALID with every problem of the file, ARGUMENT_INVALID for a zone
 * that is none.
 */
export function readCheckInput(texts: CheckTexts): CheckInput {
  const { text, file, designs, nowEpochMs, zone, choice } = texts;
  if (zone !== undefined && !isZone(zone))
    throw new HarnessError('ARGUMENT_INVALID', `no time zone is called ${zone}`, {
      target: 'zone',
      hint: 'use an IANA name such as Europe/Paris',
    });
  return isChangePlan(text, file)
    ? readChangePlan(texts)
    : checkInputOf(parseScenario(text, file, designs, choice), {
        nowEpochMs,
        ...(zone === undefined ? {} : { zone }),
      });
}

function isChangePlan(text: string, file: string): boolean {
  const { data } = readYaml(text, file);
  return (data as { kind?: unknown } | null | undefined)?.kind === 'change-plan';
}
