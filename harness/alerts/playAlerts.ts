// Issues, updates and ends the alerts of the plan: tells the stages that carry them what is in force.
// A stage that starts again has forgotten it, and is told once more, also that none is in force now.

import type { Clock } from '../kernel/clock.ts';
import type { Alert, AlertStep, ToldAlert } from '../model/alert.ts';
import { errorMessage } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Emit, StartedStage } from '../model/world.ts';
import type { Carriage } from './carriage.ts';
import { CARRIAGES } from './catalogue.ts';

/** An instance of a stage, as far as it is told of alerts. */
export type ToldStage = Pick<StartedStage, 'instance' | 'command'>;

export interface AlertOptions {
  readonly plan: Plan;
  readonly stages: readonly ToldStage[];
  readonly emit: Emit;
  /** Calls with the name of every instance that is ready, again and again. */
  readonly onReady: (ready: (instance: string) => void) => void;
  readonly clock: Clock;
  /** Times in the journal count from here. */
  readonly runStartedAtEpochMs: number;
  readonly signal: AbortSignal;
}

/** Resolves when the last alert is over. */
export async function playAlerts(options: AlertOptions): Promise<void> {
  const { plan, emit, onReady, clock, runStartedAtEpochMs, signal } = options;
  const startedAt = clock.epochMs();
  const inForce = new Map<string, ToldAlert>();
  let begun = false;
  const ways = listWays(options);
  onReady((instance) => {
    if (!begun) return;
    const again = ways.filter(({ stage }) => stage.instance === instance);
    void tell(again, inForce, plan);
  });
  const play = async (step: AlertStep) => {
    const plannedAt = startedAt + step.atMs;
    await clock.sleepUntil(plannedAt, signal);
    const alert = findAlert(plan, step.alert);
    const issuedEpochMs = clock.epochMs();
    begun = true;
    if (step.does === 'end') inForce.delete(step.alert);
    else inForce.set(step.alert, { ...makeTold(plan, alert, step.revision), issuedEpochMs });
    const concerned = ways.filter(({ carriage }) => alert.carriages.includes(carriage.name));
    const { told, error } = await tell(concerned, inForce, plan);
    emit({
      type: 'alert',
      atEpochMs: issuedEpochMs,
      alert: step.alert,
      does: step.does,
      revision: step.revision,
      plannedAtMs: Math.round((plannedAt - runStartedAtEpochMs) * 10) / 10,
      told,
      ...(error !== undefined && { error }),
    });
  };
  await Promise.all((plan.alerts ?? []).map(play));
}

const alertsIn = ({ scenario }: Plan): readonly Alert[] => scenario.alerts ?? [];

const findAlert = (plan: Plan, id: string): Alert => alertsIn(plan).find((one) => one.id === id)!;

function makeTold(plan: Plan, alert: Alert, revision: number): Omit<ToldAlert, 'issuedEpochMs'> {
  const { id, exercise, updates, areas } = alert;
  const text = updates[revision - 2]?.text ?? alert.text;
  return { id, number: alertsIn(plan).indexOf(alert) + 1, revision, exercise, text, areas };
}

/** A carriage, and an instance of a stage that carries by it. */
interface Way {
  readonly carriage: Carriage;
  readonly stage: ToldStage;
}

/** The pipeline of the control is told nothing. */
const listWays = ({ plan, stages }: AlertOptions): readonly Way[] =>
  CARRIAGES.flatMap((carriage) =>
    plan.scenario.design.stages
      .filter(({ role }) => role === carriage.role)
      .flatMap(({ name }) =>
        stages.filter(({ instance }) => instance === name || instance.startsWith(`${name}.`)),
      )
      .map((stage) => ({ carriage, stage })),
  );

/** Tells each all that is in force by its carriage; one that is down cannot be told. */
async function tell(ways: readonly Way[], inForce: ReadonlyMap<string, ToldAlert>, plan: Plan) {
  const told: string[] = [];
  let error: string | undefined;
  for (const { carriage, stage } of ways) {
    const carried = [...inForce.values()].filter(({ id }) =>
      findAlert(plan, id).carriages.includes(carriage.name),
    );
    try {
      if (!stage.command) throw new Error(`${stage.instance} takes no commands here`);
      await stage.command({ [carriage.command]: carried });
      told.push(stage.instance);
    } catch (reason) {
      error = errorMessage(reason);
    }
  }
  return { told, error };
}
