// A scenario as an experiment template of AWS Fault Injection Service: virtual interfaces that its
// faults take away are disconnected, and an alarm for each success criterion stops the experiment.
// Shapes: FIS API reference, CreateExperimentTemplate; actions reference, Direct Connect and wait.

import { badArgument, type HarnessError } from '../model/errors.ts';
import type { Disruption, Scenario, WithdrawFault } from '../model/scenario.ts';
import { demandScenario, type MadeText, type Exporter, type ExportInput } from './format.ts';

export const fis: Exporter = { takes: ['account', 'region', 'role'], write };

/** Quotas of FIS: stop conditions of a template, and lengths of an action. */
const STOP_CONDITIONS_MAX = 5;
const MINUTE_MS = 60_000;
const ACTION_MINUTES_MAX = 12 * 60;
const ROLE = 'ecran-noir';

interface Step {
  readonly name: string;
  readonly atMs: number;
  readonly forMs: number;
  readonly fault: Disruption | WithdrawFault;
}

function write(input: ExportInput): MadeText {
  const scenario = demandScenario(input);
  const { account, region, role = ROLE } = input.options;
  if (account === undefined || region === undefined)
    throw wrongAccount('fis needs --account and --region');
  if (!/^\d{12}$/.test(account)) throw wrongAccount(`--account ${account}: expected 12 digits`);
  const steps = listSteps(scenario);
  const played = steps.flatMap((step) => {
    const interfaces = listInterfaces(step, scenario);
    return interfaces.length === 0 ? [] : [{ ...step, interfaces }];
  });
  const criteria = [...scenario.guardrails, ...scenario.expectations].map(({ text }) => text);
  const template = {
    description: `${scenario.name}: ${scenario.title}`.slice(0, 512),
    targets: Object.fromEntries(
      played.map(({ name, interfaces }) => [
        name,
        {
          resourceType: 'aws:directconnect:virtual-interface',
          resourceArns: interfaces.map(
            (id) => `arn:aws:directconnect:${region}:${account}:dxvif/${id}`,
          ),
          selectionMode: 'ALL',
        },
      ]),
    ),
    actions: {
      scenario: wait(Math.max(0, ...steps.map(({ atMs, forMs }) => atMs + forMs)), 'all of it'),
      ...Object.fromEntries(played.flatMap(makeActions)),
    },
    stopConditions: criteria.slice(0, STOP_CONDITIONS_MAX).map((text) => ({
      source: 'aws:cloudwatch:alarm',
      value: `arn:aws:cloudwatch:${region}:${account}:alarm:${nameAlarm(scenario, text)}`,
    })),
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    tags: { Name: scenario.name },
  };
  return {
    text: `${JSON.stringify(template, null, 2)}\n`,
    remarks: [...listRemarks(criteria, steps, played), ...listFollowers(scenario)],
  };
}

function listRemarks(
  criteria: readonly string[],
  steps: readonly Step[],
  played: readonly Step[],
): readonly string[] {
  const left = steps.filter(({ name }) => !played.some((one) => one.name === name));
  return [
    ...criteria
      .slice(STOP_CONDITIONS_MAX)
      .map(
        (text) =>
          `"${text}" is left out: a template has at most ${STOP_CONDITIONS_MAX} stop conditions`,
      ),
    ...left.map(({ name }) => `${name} is left out: it takes no virtual interface (dxvif-…) away`),
  ];
}

/** The earliest time of what is drawn; what comes after something else is left to `run`. */
const listSteps = ({ faults, windows }: Scenario): readonly Step[] => [
  ...faults.flatMap(({ name, start, length, fault }) =>
    start.kind === 'at' ? [{ name, atMs: start.at.fromMs, forMs: length.toMs, fault }] : [],
  ),
  ...windows.map(({ name, work: { atMs, forMs, fault } }) => ({ name, atMs, forMs, fault })),
];

const listFollowers = ({ faults }: Scenario): readonly string[] =>
  faults
    .filter(({ start }) => start.kind !== 'at')
    .map(
      ({ name }) => `${name} is left out: it begins after something else, at no time of its own`,
    );

function listInterfaces({ fault }: Step, { design }: Scenario): readonly string[] {
  if (fault.kind !== 'path' || !TAKES_AWAY.has(fault.happens.kind)) return [];
  const paths = (design.accesses ?? []).flatMap((access) => access.paths);
  return paths
    .filter(({ name }) => fault.paths.includes(name))
    .flatMap(({ circuits }) => circuits.filter((id) => id.startsWith('dxvif-')));
}

const TAKES_AWAY = new Set(['down', 'dark', 'withdrawn', 'tested']);

const makeActions = ({ name, atMs, forMs }: Step): readonly (readonly [string, object])[] => {
  const disconnect = {
    actionId: 'aws:directconnect:virtual-interface-disconnect',
    parameters: { duration: minutes(forMs) },
    targets: { VirtualInterfaces: name },
  };
  if (atMs <= 0) return [[name, disconnect]];
  const before = `before-${name}`;
  return [
    [before, wait(atMs, `until ${name} begins`)],
    [name, { ...disconnect, startAfter: [before] }],
  ];
};

const wait = (ms: number, description: string) => ({
  actionId: 'aws:fis:wait',
  description,
  parameters: { duration: minutes(ms) },
});

/** Whole minutes, as long as what is asked for at least. */
const minutes = (ms: number): string =>
  `PT${Math.min(ACTION_MINUTES_MAX, Math.max(1, Math.ceil(ms / MINUTE_MS)))}M`;

/** `ecran-noir-night-p95-blackscreen-2s` */
const nameAlarm = ({ name }: Scenario, text: string): string =>
  `ecran-noir-${name}-${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.replace(/-$/, '');

const wrongAccount = (message: string): HarnessError =>
  badArgument(
    '--account',
    message,
    'alarms and interfaces are named by them: --account 123456789012 --region eu-west-3',
  );
