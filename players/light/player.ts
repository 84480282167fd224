// A player without a picture: it loads playlists and segments, keeps a buffer, and deals with what
// fails, all by the rules of the player that it imitates. Its clock and its network are given to it.

import type { PlayerError } from '../../harness/model/history.ts';
import { createBandwidth, pickRung, type Bandwidth } from './bandwidth.ts';
import { nameError } from './errorNames.ts';
import { createFailures, type Failure, type Failures, type Kind } from './failures.ts';
import { load, type Loaded, type Send, type Time } from './load.ts';
import { Playback, type PlaybackEvents } from './playback.ts';
import { isMedia, readPlaylist, type MediaPlaylist, type Rung } from './playlist.ts';
import type { Rules } from './rules.ts';
import { Waits } from './waits.ts';
import { liveSyncMs, place, type LivePlaylist, type PlacedSegment } from './timeline.ts';

interface LightPlayerEvents extends PlaybackEvents {
  readonly error: (error: PlayerError) => void;
  readonly fatal: (error: PlayerError) => void;
  readonly level: (detail: string) => void;
}

interface LightPlayerOptions {
  readonly url: string;
  readonly rules: Rules;
  readonly send: Send;
  readonly time: Time;
  readonly events: LightPlayerEvents;
}

type LoadedAnswer = Extract<Loaded, { readonly is: 'loaded' }>;

/** A playhead so far outside of the playlist is still in it (hls.js: maxFragLookUpTolerance). */
const TOLERANCE_MS = 250;
/** hls.js looks this often whether a playhead that stands can go over a hole. */
const TICK_MS = 100;

export class LightPlayer {
  readonly #options: LightPlayerOptions;
  readonly #playback: Playback;
  readonly #failures: Failures;
  readonly #bandwidth: Bandwidth;
  readonly #skipped = new Set<number>();
  #rungs: readonly Rung[] = [];
  #rung = 0;
  #playlist: LivePlaylist | undefined;
  #playlistRung = -1;
  #placedRung = -1;
  #changedAtEpochMs = 0;
  #stalls = 0;
  #stopped = false;
  /** The error that ends it once it has nothing to play. */
  #doom: PlayerError | undefined;
  readonly #waits: Waits;

  constructor(options: LightPlayerOptions) {
    this.#options = options;
    const { rules, time, events } = options;
    this.#failures = createFailures(rules, () => this.#rungs.length);
    this.#bandwidth = createBandwidth(rules.estimateBps);
    this.#waits = new Waits(time.later);
    this.#playback = new Playback({
      ...time,
      startMs: rules.startMs,
      resumeMs: rules.resumeMs,
      events: {
        plays: events.plays,
        stalls: (atEpochMs) => {
          events.stalls(atEpochMs);
          this.#stalled();
        },
      },
    });
  }

  attach(): void {
    this.#loadManifest();
  }

  /** Goes on after a fatal error, as an application makes it. */
  startLoad(): void {
    this.#stop();
    this.#stopped = false;
    this.#doom = undefined;
    this.#failures.forget();
    this.#changedAtEpochMs = this.#options.time.epochMs();
    if (this.#rungs.length === 0) this.#loadManifest();
    else this.#loadPlaylist();
  }

  destroy(): void {
    this.#stop();
    this.#playback.end();
  }

  #stop(): void {
    this.#stopped = true;
    this.#waits.clear();
  }

  #load(kind: Kind, url: string, done: (answer: LoadedAnswer) => void, again: () => void): void {
    const { rules, send, time } = this.#options;
    const as = kind === 'segment' ? 'length' : 'text';
    const callOff = load({ url, as }, { rules: rules[kind], send, time }, (loaded) => {
      this.#waits.over(kind);
      if (loaded.is === 'loaded') done(loaded);
      else this.#fail(kind, url, loaded, again);
    });
    this.#waits.hold(kind, callOff);
  }

  #loadManifest(): void {
    const { url } = this.#options;
    const again = () => this.#loadManifest();
    const got = (answer: LoadedAnswer): void => {
      const read = readPlaylist(answer.text, url);
      const unreadable = { status: answer.status, why: 'unreadable' } as const;
      if (!read || (!isMedia(read) && read.length === 0))
        return this.#fail('manifest', url, unreadable, again);
      if (isMedia(read)) this.#rungs = [{ url, bandwidth: 0, name: 'one rung' }];
      else this.#rungs = read;
      this.#rung = this.#bestRung(undefined);
      this.#options.events.level(this.#rungs[this.#rung]!.name);
      this.#loadPlaylist();
    };
    this.#load('manifest', url, got, again);
  }

  #bestRung(now: number | undefined): number {
    return pickRung(this.#rungs, now, this.#bandwidth.bps(), this.#options.rules);
  }

  #loadPlaylist(): void {
    const { url } = this.#rungs[this.#rung]!;
    const rung = this.#rung;
    const again = () => this.#loadPlaylist();
    const got = ({ text, status, startEpochMs }: LoadedAnswer): void => {
      const read = readPlaylist(text, url);
      if (!read || !isMedia(read))
        return this.#fail('playlist', url, { status, why: 'unreadable' }, again);
      if (read.segments.length === 0)
        return this.#fail('playlist', url, { status, why: 'empty' }, again);
      this.#failures.loaded('playlist', rung);
      this.#playlistRung = rung;
      this.#take(read, startEpochMs);
    };
    this.#load('playlist', url, got, again);
  }

  #take(read: MediaPlaylist, askedAtEpochMs: number): void {
    const nowEpochMs = this.#options.time.epochMs();
    const before = this.#playlist;
    const isSameRung = before !== undefined && this.#placedRung === this.#rung;
    const placed = place(read, before);
    const playlist = isSameRung ? placed : { ...placed, updated: true };
    this.#playlist = playlist;
    this.#placedRung = this.#rung;
    if (playlist.updated) this.#changedAtEpochMs = nowEpochMs;
    if (!playlist.ended) {
      const dueEpochMs = askedAtEpochMs + this.#reloadMs(playlist);
      this.#waits.after('playlist', Math.max(0, dueEpochMs - nowEpochMs), () =>
        this.#loadPlaylist(),
      );
    }
    this.#judgeStuck(playlist, nowEpochMs);
    this.#stayInWindow(playlist, before?.endMs ?? Infinity);
    this.#fill();
  }

  /** RFC 8216, 6.3.4: a target duration, or half of one when nothing changed. */
  #reloadMs({ updated, targetMs, segments, endMs }: LivePlaylist): number {
    if (!updated) return targetMs / 2;
    const { durationMs } = segments.at(-1)!;
    const isNear = endMs - (this.#playback.positionMs ?? 0) < 4 * targetMs;
    return durationMs > 0 && isNear ? Math.min(durationMs, targetMs) : targetMs;
  }

  #judgeStuck({ targetMs }: LivePlaylist, nowEpochMs: number): void {
    const stuckMs = nowEpochMs - this.#changedAtEpochMs;
    if (stuckMs <= this.#options.rules.stuckTargets * targetMs) {
      if (this.#doom?.details === 'playlistUnchangedError') this.#doom = undefined;
      return;
    }
    if (this.#doom) return;
    const { url } = this.#rungs[this.#rung]!;
    this.#doomWith(nameError('playlist', url, { status: 200, why: 'stuck' }));
  }

  /** hls.js learns the new length of the media after it has looked: it jumps one reload later. */
  #stayInWindow(playlist: LivePlaylist, knownToMs: number): void {
    const { rules } = this.#options;
    const { positionMs } = this.#playback;
    if (positionMs === undefined)
      return this.#playback.seek(liveSyncMs(playlist, rules, this.#stalls));
    const { startMs, endMs } = playlist;
    const isInside = positionMs >= startMs - TOLERANCE_MS && positionMs <= endMs + TOLERANCE_MS;
    if (isInside || this.#playback.isPlaying) return;
    const { behindWindow } = rules;
    if (behindWindow === 'gives up' && this.#playback.begun)
      this.#doomWith({ type: 'sourceError', details: 'behindLiveWindow' });
    const syncMs = liveSyncMs(playlist, rules, this.#stalls);
    if (behindWindow === 'gives up' || syncMs < knownToMs) this.#playback.seek(syncMs);
  }

  #fill(): void {
    const playlist = this.#playlist;
    const isBusy = this.#waits.has('segment') || this.#playlistRung !== this.#rung;
    if (this.#stopped || !playlist || isBusy) return;
    const spareMs = this.#playback.aheadMs - this.#options.rules.bufferMsMax;
    if (spareMs >= 0) return this.#waits.after('segment', spareMs + TICK_MS, () => this.#fill());
    const segment = this.#nextSegment(playlist);
    if (segment) this.#loadSegment(segment);
  }

  #nextSegment({ segments }: LivePlaylist): PlacedSegment | undefined {
    const fromMs = this.#playback.bufferedToMs + TICK_MS / 2;
    return segments.find(
      (one) =>
        one.endMs > fromMs &&
        !one.gap &&
        !this.#skipped.has(one.number) &&
        !this.#playback.has(one.startMs),
    );
  }

  #loadSegment(segment: PlacedSegment): void {
    const { url } = segment;
    const again = () => this.#fill();
    const got = ({ bytes, ms, status }: LoadedAnswer): void => {
      if (bytes === 0) return this.#fail('segment', url, { status, why: 'error' }, again);
      this.#bandwidth.sample(bytes, ms);
      this.#failures.loaded('segment', this.#rung);
      this.#playback.append(segment);
      this.#crossHole();
      this.#adapt();
      this.#fill();
    };
    this.#load('segment', url, got, again);
  }

  #adapt(): void {
    const best = this.#bestRung(this.#rung);
    if (best !== this.#rung) this.#switchTo(best);
  }

  #switchTo(rung: number): void {
    this.#rung = rung;
    this.#options.events.level(this.#rungs[rung]!.name);
    this.#loadPlaylist();
  }

  #stalled(): void {
    if (this.#doom) return this.#giveUp(this.#doom);
    if (this.#stopped) return;
    this.#stalls += 1;
    this.#options.events.error({ type: 'mediaError', details: 'bufferStalledError' });
    this.#waits.after('hole', TICK_MS, () => this.#crossHole());
  }

  /** Goes over segments that will never come, once the one after them is there. */
  #crossHole(): void {
    const { isPlaying, positionMs, nextStartMs } = this.#playback;
    if (isPlaying || positionMs === undefined || nextStartMs === undefined) return;
    const missing = this.#playlist?.segments.filter(
      (one) => one.endMs > positionMs + TICK_MS && one.startMs < nextStartMs - TICK_MS,
    );
    if (missing?.every((one) => one.gap || this.#skipped.has(one.number)))
      this.#playback.seek(nextStartMs);
  }

  #fail(kind: Kind, url: string, failed: Pick<Failure, 'status' | 'why'>, again: () => void): void {
    const { time, events } = this.#options;
    const segment = this.#playlist?.segments.find((one) => one.url === url);
    const isLast = segment !== undefined && segment === this.#playlist?.segments.at(-1);
    const failure = { kind, rung: this.#rung, isLast, targetMs: this.#playlist?.targetMs ?? 0 };
    const decision = this.#failures.decide({ ...failure, ...failed }, time.epochMs());
    const error = nameError(kind, url, failed);
    if (decision.does === 'fatal') return this.#giveUp(error);
    events.error(error);
    if (decision.does === 'retry') {
      if (decision.thenFatal) this.#doomWith(error);
      if (!this.#stopped) this.#waits.after(kind, decision.afterMs, again);
    } else if (decision.does === 'switch')
      this.#waits.after(kind, decision.afterMs ?? 0, () => this.#switchTo(decision.rung));
    else {
      if (segment) this.#skipped.add(segment.number);
      this.#crossHole();
      this.#fill();
    }
  }

  #doomWith(error: PlayerError): void {
    this.#doom = error;
    if (!this.#playback.isPlaying) this.#giveUp(error);
  }

  #giveUp(error: PlayerError): void {
    this.#stop();
    this.#options.events.fatal(error);
  }
}
