// The harness failing is a HarnessError: a code from this table, what it was about, and a hint
// that says what to do. What viewers saw is data, an unmet expectation is a Finding: neither is here.

/** Exit codes of the command line. README.md lists them; a test keeps the two equal. */
export const EXIT = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  usage: 64,
  unavailable: 69,
  internal: 70,
  cannotWrite: 74,
  interrupted: 130,
} as const;

/** Every code a HarnessError can carry, with the exit code it ends the command with. */
export const ERROR_CODES = {
  SCENARIO_INVALID: EXIT.usage,
  ARGUMENT_INVALID: EXIT.usage,
  CAPACITY_EXCEEDED: EXIT.usage,
  RECORD_UNREADABLE: EXIT.usage,
  TOOL_MISSING: EXIT.unavailable,
  TOOL_UNFIT: EXIT.unavailable,
  PORT_TAKEN: EXIT.unavailable,
  STAGE_FAILED: EXIT.unavailable,
  STEADY_STATE_NOT_REACHED: EXIT.inconclusive,
  LINK_CONTROL_FAILED: EXIT.unavailable,
  ENGINE_UNAVAILABLE: EXIT.unavailable,
  CLUSTER_UNAVAILABLE: EXIT.unavailable,
  IMAGE_BUILD_FAILED: EXIT.unavailable,
  BROWSER_FAILED: EXIT.unavailable,
  STREAM_UNFIT: EXIT.unavailable,
  SCREEN_FAILED: EXIT.unavailable,
  WALL_FAILED: EXIT.unavailable,
  HEAL_FAILED: EXIT.unavailable,
  DEADLINE_EXCEEDED: EXIT.unavailable,
  CANNOT_WRITE: EXIT.cannotWrite,
  INTERRUPTED: EXIT.interrupted,
  INTERNAL: EXIT.internal,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface HarnessErrorOptions {
  /** The thing that the error is about: a file with line and column, a stage, a link, a tool. */
  readonly target?: string;
  /** The remedy for the reader, as an imperative sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error users see. `message` says what happened, `hint` how to mend it. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly code: ErrorCode;
  readonly target: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: HarnessErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.target = options.target;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

/** Makes the error for an argument of a call that cannot be meant. */
export const badArgument = (target: string, message: string, hint: string): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', message, { target, hint });

/** Gives the message of anything that was thrown. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
