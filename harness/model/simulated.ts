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
  /** Requests a second that a stage can serve, by its name. */
  readonly capacities: Readonly<Record<string, number>>;
}
