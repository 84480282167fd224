// Defines the messages between the fleet and the page of the wall. Only types and names: this file
// is part of the Node program and of the page's bundle, so it knows neither Node nor the DOM.

import type { ShownAlert } from '../harness/model/alert.ts';
import type { Evidence } from '../harness/model/evidence.ts';
import type {
  FrameSample,
  PlayerError,
  PlayerSample,
  ViewerRecord,
} from '../harness/model/history.ts';
import type { ViewerGroup } from '../harness/model/scenario.ts';
import type { ScreenLayout } from '../harness/model/screen.ts';
import type { Elsewhere } from '../harness/model/viewer.ts';

/** The function the page calls with every batch; exposed by the fleet before the page loads. */
export const BINDING = 'ecranNoirReceive';
/** The global under which the page offers `WallPage`. */
export const WALL = 'ecranNoir';

export interface WallSetup {
  readonly title: string;
  readonly seed: number;
  /** The page draws its own clock, for a recording of the display. */
  readonly recorded: boolean;
  /** It keeps evidence of losses. */
  readonly evidence: boolean;
}

export interface WallViewer {
  readonly id: string;
  readonly channel: string;
  readonly channelNumber: number;
  readonly control: boolean;
  /** Its stream has no frame clock. */
  readonly clockless?: true;
  /** Player, policy and settings. */
  readonly group: Pick<ViewerGroup, 'player' | 'policy' | 'config'>;
  /** Multivariant playlist or DASH manifest, as this viewer's browser must ask for it. */
  readonly url: string;
  /** Where its application asks for alerts. */
  readonly alertsAt?: readonly string[];
  /** Where the application goes when the player gives up and the policy says so. */
  readonly fallbacks?: readonly Pick<Elsewhere, 'url' | 'channelNumber'>[];
  /** It is switched on now, and starts to load only after this. */
  readonly startsAfterMs?: number;
}

/** The grid; the page is already large enough for it. */
export interface WallLayout {
  readonly columns: number;
  readonly picture: { readonly width: number; readonly height: number };
}

/** The functions that the page offers to the fleet. */
export interface WallPage {
  /** The page's own clock, which stamps everything it sends. */
  epochMs(): number;
  /** True when a MediaSource of this type can be made. */
  canDecode(type: string): boolean;
  setUp(setup: WallSetup): void;
  join(viewers: readonly WallViewer[], layout: WallLayout): void;
  /** Gives the places of everything on the page now. */
  layout(): ScreenLayout;
  /** These viewers leave, or all; resolves when their last batch has been received. */
  leave(viewers?: readonly string[]): Promise<void>;
}

export type ViewerEvent = ViewerRecord['event'];

export interface PageEvent {
  readonly viewer: string;
  readonly event: ViewerEvent;
  readonly atEpochMs: number;
  readonly detail?: string;
  readonly error?: PlayerError;
  readonly alert?: ShownAlert;
  readonly evidence?: Evidence;
}

/** Frames of one viewer; the time of each is the page's epoch milliseconds. */
export interface PageFrames {
  readonly viewer: string;
  readonly atEpochMs: number;
  readonly frames: readonly FrameSample[];
  readonly player: PlayerSample;
}

export interface PageBatch {
  readonly events: readonly PageEvent[];
  readonly frames: readonly PageFrames[];
}
