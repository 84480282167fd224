// A video element that plays on a schedule: it wakes where the picture changes in kind and where the
// buffer ends, and never for a single frame.

import { Emitter } from './emitter.ts';
import { PageElement } from './document.ts';
import { alike, follows, runAt, type ScreenListener, type Shown } from './shown.ts';
import { NO_RANGES, type Ranges, type VirtualMediaSource } from './media.ts';
import type { PictureRun, VirtualStream } from '../../harness/model/virtualWorld.ts';

/** Figures of Chromium, in seconds of media ahead, unless they say otherwise. */
const CHROMIUM = {
  /** Needed to begin, and to go on after a stall. */
  resumeS: 0.1,
  /** Needed for HAVE_FUTURE_DATA and for HAVE_ENOUGH_DATA. */
  futureS: 0.045,
  enoughS: 0.2,
  seekMs: 6,
  timeUpdateMs: 250,
} as const;
const EPSILON_S = 1e-6;

export interface VideoOptions {
  readonly stream: VirtualStream;
  readonly sourceAt: (url: string) => VirtualMediaSource | undefined;
  readonly screen: ScreenListener;
}

type FrameCallback = (now: number, metadata: object) => void;

export class VirtualVideo extends PageElement {
  static readonly HAVE_FUTURE_DATA = 3;
  paused = true;
  ended = false;
  seeking = false;
  muted = false;
  autoplay = false;
  defaultPlaybackRate = 1;
  playbackRate = 1;
  volume = 1;
  error: { readonly code: number; readonly message: string } | null = null;
  mediaKeys = null;
  readonly textTracks = Object.assign(new Emitter(), { length: 0 });
  /** The picture on the screen; undefined before the first. */
  shown: Shown | undefined;
  readonly #options: VideoOptions;
  #source: VirtualMediaSource | undefined;
  #src = '';
  #positionS = 0;
  #sinceEpochMs = 0;
  #playing = false;
  #loaded = false;
  #can = false;
  #wakeTimer: number | undefined;
  #updateTimer: number | undefined;
  #callback: FrameCallback | undefined;
  #frames = 0;
  readonly #madeEpochMs: number;
  /** The picture that follows the one on the screen, where it is of the programme. */
  #next = { run: undefined as PictureRun | undefined, counter: -1 };

  constructor(options: VideoOptions) {
    super('video');
    this.#options = options;
    this.#madeEpochMs = options.stream.timers.epochMs();
  }

  get #timers() {
    return this.#options.stream.timers;
  }

  get src(): string {
    return this.#src;
  }

  set src(url: string) {
    this.#src = url;
    this.#source = this.#options.sourceAt(url);
    this.#source?.open(this);
  }

  get currentSrc(): string {
    return this.#src;
  }

  get networkState(): number {
    return this.#src ? 2 : 0;
  }

  get buffered(): Ranges {
    return this.#source?.sourceBuffers[0]?.buffered ?? NO_RANGES;
  }

  get seekable(): Ranges {
    return this.buffered;
  }

  get duration(): number {
    return this.#source?.duration ?? NaN;
  }

  get readyState(): number {
    if (this.buffered.length === 0) return 0;
    const aheadS = this.buffered.aheadOf(this.currentTime);
    if (aheadS > CHROMIUM.enoughS) return 4;
    return aheadS > CHROMIUM.futureS ? 3 : aheadS > 0 ? 2 : 1;
  }

  get currentTime(): number {
    if (!this.#playing) return this.#positionS;
    const elapsedS = (this.#timers.epochMs() - this.#sinceEpochMs) / 1000;
    return this.#positionS + elapsedS * this.playbackRate;
  }

  set currentTime(seconds: number) {
    this.#halt();
    this.#positionS = seconds;
    this.seeking = true;
    this.#can = false;
    this.#timers.after(0, () => this.tell('seeking'));
    this.#timers.after(CHROMIUM.seekMs, () => this.wake());
  }

  play(): Promise<void> {
    if (this.paused) {
      this.paused = false;
      this.tell('play');
      this.#timers.after(0, () => this.wake());
    }
    return Promise.resolve();
  }

  pause(): void {
    this.#halt();
    this.paused = true;
    this.tell('pause');
  }

  load(): void {
    // A source is opened when it is set.
  }

  /** A source may come as a child, too. */
  override append(...children: readonly unknown[]): void {
    super.append(...children);
    for (const { src } of children as readonly { readonly src?: string }[])
      if (src !== undefined) this.src = src;
  }

  override removeAttribute(name: string): void {
    super.removeAttribute(name);
    if (name !== 'src') return;
    this.#halt();
    this.#src = '';
    this.#source = undefined;
  }

  canPlayType(): string {
    return 'probably';
  }

  addTextTrack(): object {
    return { cues: [], addCue: () => undefined };
  }

  requestVideoFrameCallback(callback: FrameCallback): number {
    this.#callback = callback;
    return 1;
  }

  cancelVideoFrameCallback(): void {
    this.#callback = undefined;
  }

  getVideoPlaybackQuality(): object {
    return { totalVideoFrames: this.#frames, droppedVideoFrames: 0, corruptedVideoFrames: 0 };
  }

  /** Something changed: the buffer, the position, or the wish to play. */
  wake(): void {
    if (this.#playing) return this.#schedule();
    const aheadS = this.buffered.aheadOf(this.#positionS);
    if (this.seeking && aheadS > CHROMIUM.futureS) {
      this.seeking = false;
      this.#timers.after(0, () => this.tell('seeked'));
    }
    if (aheadS <= CHROMIUM.resumeS || this.seeking) return;
    const earlyMs = this.#madeEpochMs + this.#options.stream.startUpMs() - this.#timers.epochMs();
    if (this.#frames === 0 && earlyMs > 0) return this.#wakeIn(earlyMs);
    this.#tellReady();
    if (this.#playing || (this.paused && !this.autoplay)) return;
    this.#begin();
  }

  /** The codes of the HTML standard; without any media the source is not supported. */
  fail(why: 'network' | 'decode'): void {
    this.#halt();
    const code = this.readyState === 0 ? 4 : why === 'network' ? 2 : 3;
    this.error = { code, message: why };
    this.#timers.after(0, () => this.tell('error'));
  }

  #wakeIn(ms: number): void {
    this.#timers.clear(this.#wakeTimer);
    this.#wakeTimer = this.#timers.after(ms, () => this.wake());
  }

  #tellReady(): void {
    if (!this.#loaded) {
      this.#loaded = true;
      this.tell('loadedmetadata');
      this.tell('loadeddata');
    }
    if (this.#can) return;
    this.#can = true;
    this.tell('canplay');
  }

  #begin(): void {
    if (this.paused) {
      this.paused = false;
      this.tell('play');
    }
    this.#playing = true;
    this.#sinceEpochMs = this.#timers.epochMs();
    this.#timers.after(0, () => this.tell('playing'));
    this.#updateTimer = this.#timers.every(CHROMIUM.timeUpdateMs, () => this.tell('timeupdate'));
    this.#next.run = undefined;
    this.#schedule();
  }

  #halt(): void {
    if (!this.#playing) return;
    this.#positionS = this.currentTime;
    this.#playing = false;
    this.#timers.clear(this.#wakeTimer);
    this.#timers.clear(this.#updateTimer);
    this.#options.screen.stands(this);
  }

  /** Shows what is due now, and waits for the next change of it or for the end of the buffer. */
  #schedule(): void {
    this.#timers.clear(this.#wakeTimer);
    const atS = this.currentTime + EPSILON_S;
    const change = this.#showAt(atS);
    const toS = Math.min(change, atS + this.buffered.aheadOf(atS));
    if (toS - atS <= EPSILON_S) return this.#starve();
    const ms = ((toS - atS) / this.playbackRate) * 1000;
    this.#wakeTimer = this.#timers.after(ms, () => this.#schedule());
  }

  #starve(): void {
    this.#halt();
    this.#can = false;
    this.#timers.after(0, () => this.tell('waiting'));
  }

  /** Gives the position at which something else will be shown. */
  #showAt(atS: number): number {
    const pieces = this.#source?.sourceBuffers[0]?.pieces ?? [];
    let at = pieces.findIndex(({ startS, endS }) => atS >= startS && atS < endS);
    if (at < 0) return pieces.find(({ startS }) => startS > atS)?.startS ?? Infinity;
    let { run, index, toS } = runAt(this.#options.stream, pieces[at]!, atS);
    this.#present(run, index);
    for (;;) {
      const piece = pieces[at]!;
      if (toS >= piece.endS - EPSILON_S) {
        const following = pieces[++at];
        if (!following || following.startS > toS + EPSILON_S * 10) return toS;
      }
      const next = runAt(this.#options.stream, pieces[at]!, toS + EPSILON_S * 2);
      if (!follows(run, next.run)) return toS;
      ({ run, index, toS } = next);
    }
  }

  #present(run: PictureRun, index: number): void {
    const counter = run.kind === 'programme' ? run.counter + index : run.counter;
    const { run: before } = this.#next;
    const goesOn = before !== undefined && alike(before, run) && this.#isDue(run, counter);
    this.#next.run = run;
    if (goesOn && before.alert === run.alert) return;
    this.#next.counter = counter - this.#timers.epochMs() / (1000 / this.#options.stream.fps);
    this.shown = { run, counter, goesOn };
    this.#frames++;
    this.#options.screen.shows(this, this.shown);
    const callback = this.#callback;
    this.#callback = undefined;
    const now = this.#timers.epochMs() - this.#options.stream.startEpochMs;
    const seen = { expectedDisplayTime: now, mediaTime: this.currentTime };
    callback?.(now, { ...seen, presentedFrames: this.#frames });
  }

  /** The programme goes on as it did, within a frame. */
  #isDue(run: PictureRun, counter: number): boolean {
    if (run.kind !== 'programme') return true;
    const due = this.#next.counter + this.#timers.epochMs() / (1000 / this.#options.stream.fps);
    return Math.abs(due - counter) <= 1.5;
  }
}
