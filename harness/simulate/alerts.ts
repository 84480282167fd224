// Issues the alerts of a plan to a chain in virtual time.

import { playAlerts, type ToldStage } from '../alerts/playAlerts.ts';
import { sleepOn } from '../kernel/virtualClock.ts';
import type { Plan } from '../model/plan.ts';
import type { VirtualTimers } from '../model/virtualWorld.ts';
import type { Emit } from '../model/world.ts';
import type { Chain } from './chain.ts';
import type { StageLife } from './stage.ts';

interface AlertedChain {
  readonly plan: Plan;
  readonly chain: Chain;
  readonly timers: VirtualTimers;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly startEpochMs: number;
}

/** By the same code as in a run; a stage that is down cannot be told before it is ready again. */
export function issueAlerts(running: AlertedChain): Promise<void> {
  const { plan, chain, timers, emit, signal, startEpochMs } = running;
  const commandTo =
    (instance: string, life: StageLife): ToldStage['command'] =>
    async (command) => {
      if (life.state === 'down') throw new Error(`${instance} is down`);
      chain.command(instance, command);
    };
  return playAlerts({
    plan,
    emit,
    signal,
    clock: sleepOn(timers),
    runStartedAtEpochMs: startEpochMs,
    stages: [...chain.lives].map(([instance, life]) => ({
      instance,
      command: commandTo(instance, life),
    })),
    onReady: (ready) => {
      for (const [instance, life] of chain.lives) void tellLives(instance, life, ready);
    },
  });
}

/** Tells each time that a stage works again, for as long as the simulation lasts. */
async function tellLives(instance: string, life: StageLife, ready: (instance: string) => void) {
  for (;;) {
    await life.changed();
    if (life.state === 'works') ready(instance);
  }
}
