// The seams of a run: what the runner needs of the world, as interfaces. `run` gets them as
// arguments; runtimes, Toxiproxy and browsers implement them; tests hand in their own.

import type { WrongAnswers } from './wrongAnswers.ts';
import type { Answer } from './answer.ts';
import type { HarnessError } from './errors.ts';
import type { Elsewhere } from './viewer.ts';
import type { InterfaceCount, WayBytes } from './border.ts';
import type { Unstamped, ViewerDescription } from './history.ts';
import type {
  MediaSettings,
  Stage,
  StageResources,
  StreamProtocol,
  Transport,
  ViewerGroup,
} from './scenario.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * The answer of an origin to a question of ours: a file of no meaning. Question and answer are
 * about as long as one window of TCP, so that a narrow link shows, and hardly burden it.
 */
export const PROBE = {
  path: '/.ecran-noir/probe',
  upBytes: 7_000,
  downBytes: 8_000,
} as const;
/** A path under it is answered by an origin or an edge as if no HTTP fault were in force. */
export const TRUE_PATH = '/.ecran-noir/true';
export type ProbeBytes = Readonly<Record<'upBytes' | 'downBytes', number>>;

/** A question of our own to a stage, or through the proxy of a link. */
export interface ProbeQuestion {
  readonly at: Address;
  /** The time for the whole answer. */
  readonly withinMs: number;
  readonly asks: Asks;
}

export type Asks =
  /** Measures how long a question and an answer of known length take. */
  | { readonly kind: 'exchange' }
  /** Sends so much for half a second to a repair server, which sends it back. */
  | { readonly kind: 'echo'; readonly kbps: number }
  /** The dates in the media playlist of a channel's first rung. */
  | { readonly kind: 'dates'; readonly channel: string }
  /** Tells whether something small can be put at an origin. */
  | { readonly kind: 'store' }
  /** Something that the fault should spoil. */
  | { readonly kind: 'http'; readonly channel: string; readonly fault: WrongAnswers };

/** Opens connections to ask. Never rejects: silence is an answer too. */
export interface Probe {
  ask(question: ProbeQuestion): Promise<Answer>;
  /** Segments in the media playlist that has fewest; 0 when something is not served. */
  segmentsAt(url: string): Promise<number>;
}

/** Takes a record: for the journal and whoever watches the run live. Never throws. */
export type Emit = (record: Unstamped) => void;

/**
 * One instance of a stage to start. `upstreamOf`-style addresses are already resolved by the
 * runner, so that a stage never knows whether a proxy stands in between.
 */
export interface StageLaunch {
  /** `<stage>` or `<stage>.<channel>`; also the log file's name. */
  readonly instance: string;
  readonly stage: Stage;
  readonly media: MediaSettings;
  /** The channel, for stages that run once per channel. */
  readonly channel: { readonly name: string; readonly number: number } | undefined;
  /**
   * The targets it connects to, the preferred first: playout -> contribution inputs of the
   * transcoder; transcoder -> the HTTP of every origin, the inputs of inserters and senders; edge -> the HTTP of its origins; steering
   * -> edges.
   */
  readonly sendsTo: readonly Target[];
  /** Links that lead to a stage with several inputs, the primary first; one input when not said. */
  readonly inputs?: readonly string[];
  /** It listens for a sender by this protocol too. */
  readonly listensFor?: StreamProtocol;
  /** A sender whose groups carry the numbers of datagrams, so that boxes can ask for what is missing. */
  readonly keepsNumbers?: true;
  /** It meets other stages on the network of this country alone, where a runtime has any. */
  readonly country?: string;
}

/** The far end of a connection that a stage opens; it may be a proxy's address. */
export interface Target extends Address {
  /** Name of the stage there. */
  readonly stage: string;
  /** The link of the design, when it leads there. */
  readonly link?: string;
  /** The input there, when it has several: its sender names it first. */
  readonly input?: string;
  /** It takes datagrams; connections when not said. */
  readonly transport?: Transport;
  readonly protocol?: StreamProtocol;
  /** It takes a stream, as a transcoder takes its contribution; uploads when not said. */
  readonly stream?: true;
  /** The address where browsers reach that stage. */
  readonly viewersAt?: Address | undefined;
}

/** A stage that answered ready. */
export interface StartedStage extends AsyncDisposable {
  readonly instance: string;
  /** The address for other stages and proxies; undefined for a stage that serves nothing. */
  readonly address: Address | undefined;
  /** The address where the harness and browsers on this host reach it. */
  readonly hostAddress: Address | undefined;
  /** Settles when the stage ends by itself or is stopped; never rejects. */
  readonly exited: Promise<StageExit>;
  /** Bounded: asks, then ends it. Safe to call twice. */
  stop(): Promise<void>;
  /** Hands a command to the stage program (harness/pipeline/contract.ts), where the runtime can. */
  command?(message: Readonly<Record<string, unknown>>): Promise<void>;
  /** Stage faults; absent where a runtime has none. */
  readonly faults?: StageFaults;
  /** Reads its interface; absent where it has none of its own. Never rejects. */
  countFrames?(): Promise<InterfaceCount>;
}

/**
 * The faults that can be made on a running stage. Ends caused here do not settle `exited`. One that
 * a runtime cannot do throws TOOL_UNFIT and says why. All are bounded and safe to call twice.
 */
export interface StageFaults {
  /** Ends at once, as in a crash or a power cut. */
  kill(): Promise<void>;
  /** Asks it to end, as by an operator. */
  shutDown(): Promise<void>;
  /** Runs again on the same address, after kill or shutDown or while it runs; resolves when ready. */
  restart(): Promise<void>;
  /** Stops its work, but its connections stay. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Off the network: what is sent to it vanishes, a SYN gets no answer. */
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
  /** Less processor or memory than it had. */
  squeeze(limits: StageResources): Promise<void>;
  release(): Promise<void>;
}

export interface StageExit {
  /** Known to the runtime and no doing of the program: killed for memory, its engine gone. */
  readonly blame?: HarnessError;
  readonly code: number | null;
  readonly signal: string | null;
  /** True when stop() asked for it. */
  readonly asked: boolean;
  /** The last lines it wrote, oldest first. */
  readonly lastLines: readonly string[];
}

export interface Runtime extends AsyncDisposable {
  readonly kind: 'processes' | 'containers';
  /** Resolves when the stage is ready; rejects with STAGE_FAILED (last lines in the message). */
  start(launch: StageLaunch, signal: AbortSignal): Promise<StartedStage>;
}

/** One proxied flow: a link, narrowed to a channel where the link has one flow per channel. */
export interface ProxySpec {
  /** `<link>` or `<link>.<channel>`. */
  readonly name: string;
  readonly upstream: Address;
  /** TCP when not said. */
  readonly transport?: Transport;
}

export interface ToxicSpec {
  readonly name: string;
  readonly type: string;
  readonly stream: 'upstream' | 'downstream';
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, number>>;
}

/** The engine, proxies and other parts that a whole run needs. */
export interface Foundation extends AsyncDisposable {
  /** Resolves with the error that says so when it ended though nobody asked it to; never rejects. */
  readonly lost?: Promise<HarnessError>;
}

/** A Toxiproxy server under our control. Every call is bounded and throws LINK_CONTROL_FAILED. */
export interface LinkControl extends Foundation {
  /** `embedded 0.1.0`, `server 2.12.0 at http://…`. */
  readonly description: string;
  createProxy(spec: ProxySpec): Promise<StartedProxy>;
  /** Bytes that passed each proxy since it was first made; of a server that does not count, none. */
  passedBytes(): Promise<readonly PassedBytes[]>;
  /** Heals everything this run created: all toxics off, all proxies enabled. */
  reset(): Promise<void>;
}

export interface PassedBytes extends WayBytes {
  readonly flow: string;
  readonly given: WayBytes;
}

export interface StartedProxy {
  readonly name: string;
  readonly transport?: Transport;
  /** The address that stages connect to. */
  readonly address: Address;
  readonly hostAddress: Address;
  addToxic(toxic: ToxicSpec): Promise<void>;
  removeToxic(name: string): Promise<void>;
  setEnabled(enabled: boolean): Promise<void>;
  /** Second way to heal: delete it and create it again on the same port, without toxics. */
  recreate(): Promise<void>;
  remove(): Promise<void>;
}

export interface ViewerLaunch {
  readonly description: ViewerDescription;
  /** Player, policy and settings. */
  readonly group: Pick<ViewerGroup, 'player' | 'policy' | 'config' | 'carriage'>;
  /** Multivariant playlist. */
  readonly url: string;
  /** Other addresses that its media may come from, where a steering stage names them. */
  readonly mediaFrom?: readonly string[];
  /** Where its application goes, one after the other, when the player gives up and the policy says so. */
  readonly fallbacks?: readonly Elsewhere[];
  /** The channels that it zaps to, one after the other. */
  readonly zapsTo?: readonly Elsewhere[];
  /** It is switched on now, and starts to load only after this. */
  readonly startsAfterMs?: number;
  /** The portal that a set-top box boots through; it needs none when not said. */
  readonly portal?: string;
  /** Where it asks for alerts beside the programme. */
  readonly alertsAt?: readonly string[];
}

/** Viewers that one carriage reaches, such as a wall of players in one browser page. */
export interface PlayerFleet extends Foundation {
  readonly browser: string;
  /**
   * May be called again and again: for viewers who come later, and for those who come back. On a wall and
   * for light viewers, who joins again without having left starts anew and stays in its session.
   */
  join(viewers: readonly ViewerLaunch[]): Promise<void>;
  /** PNG of the wall. */
  screenshot(): Promise<Uint8Array>;
  /** These viewers leave, or all; their last frames are emitted before it resolves. */
  leave(viewers?: readonly string[]): Promise<void>;
}

/** The program of set-top boxes, where the groups of the run reach it. */
export interface BoxProgram extends AsyncDisposable {
  readonly description: string;
  /** Address of the interface that groups come in by there. */
  readonly by: string;
  readonly ffmpeg: string;
  readonly send: (line: string) => void;
  /** Settles when it ends, however that comes. */
  readonly exited: Promise<unknown>;
}

/** Resolves when the program is ready. */
export type OpenBoxProgram = (
  onLine: (line: string) => void,
  signal: AbortSignal,
) => Promise<BoxProgram>;

export interface FleetOptions {
  /** Viewers of the run, whenever they join; the control is not counted. */
  readonly count: number;
  readonly media: MediaSettings;
  readonly seed: number;
  /** Spans of records count from here; a fleet that records frames does without. */
  readonly startedAtEpochMs?: number;
  readonly emit: Emit;
}
