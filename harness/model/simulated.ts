// The engine of a simulated run, and what was chosen for it.

/** Names the engine of a simulated run, and how far it agrees with reality. */
export interface Simulated {
  readonly engine: 'virtual-player' | 'agents';
  /** Versions of the players whose production code was played, or whose numbers were. */
  readonly players: Readonly<Record<string, string>>;
  /** One sentence; also when nothing was compared. */
  readonly agreement: string;
  /** The choices that agents were played with, but for those that were not made. */
  readonly chosen?: Partial<AgentChoices>;
}

export interface AgentChoices {
  /** Viewers in all; those that the scenario stands for when not said. */
  readonly audience: number | undefined;
  /** Agents in all; as many as the classes of edges need when not said. */
  readonly agents: number | undefined;
  /** Everybody is played, those who are alike at once. */
  readonly exact: boolean;
  /** Limits of classes of stages, by name: requests a second, or more than that about it. */
  readonly capacities: Readonly<Record<string, number | Capacity>>;
}

/** Limits of a class of stages, and its ways with requests that it has no time for. */
export interface Capacity {
  /** Requests a second that it can serve. */
  readonly perS: number;
  /** Requests wait so long at most; those that would wait longer are turned away with 503. */
  readonly queueMs: number;
  /** The cost of a request that is turned away, of one that is served. */
  readonly refusalCost: number;
  /** Applications whose player gave up wait so long after a refusal (Retry-After); 0: it is not said. */
  readonly retryAfterMs: number;
  /** `playing`: new sessions are turned away while half of the queue is still left for those who play. */
  readonly admits: 'all' | 'playing';
}

/** Chosen, without a source [C]: half a second of queue; turning away costs a fifth of serving. */
export const CAPACITY_DEFAULTS: Omit<Capacity, 'perS'> = {
  queueMs: 500,
  refusalCost: 0.2,
  retryAfterMs: 0,
  admits: 'all',
};

/** Gives the option of the command line that says a choice. */
export function writeCapacity(name: string, choice: number | Capacity): string {
  if (typeof choice === 'number') return `--capacity ${name}=${choice}`;
  const { perS, queueMs, refusalCost, retryAfterMs, admits } = choice;
  const more = `queue=${queueMs}ms,refusal=${refusalCost},retry-after=${retryAfterMs}ms,admits=${admits}`;
  return `--capacity ${name}=${perS},${more}`;
}

export const readCapacityChoice = (choice: number | Capacity): Capacity =>
  typeof choice === 'number' ? { ...CAPACITY_DEFAULTS, perS: choice } : choice;
