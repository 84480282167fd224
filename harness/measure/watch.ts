// Looks at one viewer after the other: the frames of one are unpacked, judged and let go before the
// next. The controls come first, for what they suffered is unmeasured for everybody.

import type { FaultResult } from '../model/report.ts';
import { messagesIn } from './alerts.ts';
import { UNKNOWN_WAY } from './cause.ts';
import { classify, type ClassifyOptions, type Screen } from './classify.ts';
import { emittedOn, playedBy, type Emitted, type Watched } from './conservation.ts';
import { byControl, concerns, findSuffering, withoutSuffering, type Suffering } from './control.ts';
import { concerning } from './faults.ts';
import { tracePlayback } from './playback.ts';
import { stagesByPort } from './playerErrors.ts';
import type { Presence } from './presence.ts';
import { asPutOut, putOutOn, type PutOut } from './putOut.ts';
import type { Recorded } from './recorded.ts';
import { lastActionsIn } from './recovery.ts';
import { hasSound, withSilence } from './sound.ts';
import { readPackager, findChannelPath, type ChannelPath } from './stages.ts';
import { countShownAgain, type ShownAgain } from './shownAgain.ts';
import { countStrangeFrames, type StrangeFrames } from './strangeFrames.ts';
import {
  findStrayFillers,
  withoutStrays,
  type StrayFiller,
  type StrayLoss,
} from './strayFillers.ts';
import type { StoredTrack, ViewerTrack } from './tracks.ts';
import { seenBy, type SeenViewer, type ViewerContext } from './viewers.ts';
import { traceWay } from './way.ts';

export interface WatchOptions {
  readonly faults: readonly FaultResult[];
  readonly endMs: number;
  readonly presence: Presence;
}

/** Everything that was found out by looking at screens. */
export interface Seen {
  /** Who joined, in the order of the run record; the control too. */
  readonly viewers: readonly SeenViewer[];
  /** The audience, and how it went over what its chain put out without the programme. */
  readonly watched: readonly Watched[];
  readonly suffering: Suffering;
  /** Filler that nobody asked for, and what viewers lost to it. */
  readonly strays: readonly StrayFiller[];
  readonly strayLosses: readonly StrayLoss[];
  /** Channels on which somebody heard something. */
  readonly audible: ReadonlySet<string>;
  /** Pictures of another channel that viewers were shown. */
  readonly strange: readonly StrangeFrames[];
  /** Pictures of the programme that viewers were shown again. */
  readonly again: readonly ShownAgain[];
}

export function watch(recorded: Recorded, options: WatchOptions): Seen {
  const circumstances = gatherCircumstances(recorded, options);
  const looks = recorded.tracks.map((track) => lookAt(track, circumstances));
  return {
    viewers: looks.flatMap(({ viewer }) => viewer ?? []),
    watched: looks.flatMap(({ watched }) => watched ?? []),
    suffering: circumstances.suffering,
    strays: circumstances.strays,
    audible: circumstances.audible,
    strayLosses: looks.flatMap(({ strayLosses }) => strayLosses),
    strange: looks.flatMap(({ strange }) => strange ?? []),
    again: looks.flatMap(({ again }) => again ?? []),
  };
}

interface Circumstances extends ClassifyOptions {
  readonly suffering: Suffering;
  readonly strays: readonly StrayFiller[];
  /** Channels that somebody heard. */
  readonly audible: ReadonlySet<string>;
  /** When a control heard nothing: the machine's doing. */
  readonly unheard: Suffering;
  readonly contextOf: (track: ViewerTrack) => ViewerContext;
  readonly emitted: ReadonlyMap<string, readonly Emitted[]>;
  /** The pictures that transcoders put out on each channel, for viewers who cannot see. */
  readonly putOut: ReadonlyMap<string, readonly PutOut[]>;
  readonly fps: number;
}

function gatherCircumstances(
  recorded: Recorded,
  { faults, endMs, presence }: WatchOptions,
): Circumstances {
  const { run, reports, records, tracks } = recorded;
  const { design, steady } = run.plan.scenario;
  const times = { startedAtEpochMs: run.startedAtEpochMs, fps: design.media.fps };
  const options = { endMs, frameMs: 1000 / design.media.fps };
  const watched = run.viewers.map(({ channel }) => channel);
  const paths = byChannel(watched, (channel) => findChannelPath(channel, design, reports));
  const ways = byChannel(design.channels, (channel) => traceWay(channel, design, reports));
  const stages = stagesByPort(records);
  const messages = messagesIn(recorded);
  const lastActionMs = lastActionsIn(recorded);
  return {
    ...options,
    suffering: sufferingIn(tracks, options),
    strays: findStrayFillers({ history: recorded, faults, reports }),
    audible: new Set(
      tracks.flatMap(({ viewer, sound }) => (hasSound(sound) ? [viewer.channel] : [])),
    ),
    unheard: byControl(tracks, ({ sound }) => sound?.silent ?? []),
    fps: times.fps,
    putOut: byChannel(
      run.viewers.filter(({ imitates }) => imitates !== undefined).map(({ channel }) => channel),
      (channel) => putOutOn(channel, recorded),
    ),
    emitted: byChannel(watched, (channel) => emittedOn(channel, recorded)),
    contextOf: (track) => {
      const { channel, control } = track.viewer;
      return {
        ...times,
        endMs,
        // The control has stages of its own and no links: neither faults nor stages concern it.
        faults: control ? [] : concerning(faults, channel),
        path: (control ? undefined : paths.get(channel)) ?? UNKNOWN_PATH,
        way: ways.get(channel) ?? UNKNOWN_WAY,
        stages,
        told: recorded.told.get(track.viewer.id)?.(),
        // Its pipeline is told of no alert.
        messages: control ? [] : messages,
        madeAfterMs: lastActionMs(channel),
        holdMs: steady.holdMs,
        leftAsPlanned: presence.leftAsPlanned(track),
        playback: tracePlayback(track, times),
      };
    },
  };
}

const UNKNOWN_PATH: ChannelPath = { stages: [], packager: readPackager([]) };

const byChannel = <T>(channels: readonly string[], of: (channel: string) => T): Map<string, T> =>
  new Map([...new Set(channels)].map((channel) => [channel, of(channel)]));

/** When a control did not show its picture: the machine's doing. */
const sufferingIn = (tracks: readonly StoredTrack[], options: ClassifyOptions): Suffering =>
  byControl(tracks, (track) => {
    const screen = classify(track.unpack(), options);
    return screen ? findSuffering(screen) : [];
  });

interface Look {
  readonly viewer: SeenViewer | undefined;
  readonly watched: Watched | undefined;
  readonly strayLosses: readonly StrayLoss[];
  readonly strange: StrangeFrames | undefined;
  readonly again?: ShownAgain | undefined;
}

function lookAt(stored: StoredTrack, circumstances: Circumstances): Look {
  const { channel, control, imitates, clockless } = stored.viewer;
  const { putOut, fps } = circumstances;
  const track = stored.unpack((shown) =>
    imitates === undefined ? shown : asPutOut(shown, putOut.get(channel) ?? [], fps),
  );
  const strange = countStrangeFrames(track);
  const all = classify(track, circumstances);
  if (!all) return { viewer: undefined, watched: undefined, strayLosses: [], strange };
  const context = circumstances.contextOf(track);
  const again = countShownAgain(track, context.playback, fps);
  if (control) {
    const viewer = seenBy(track, all, context);
    return { viewer, watched: undefined, strayLosses: [], strange, again };
  }
  const { screen: seen, lost } = itsOwn(all, track, { ...circumstances, context });
  // A programme without the tone of our playouts may pause: its silence is no loss that is known.
  const isAudible = track.sound && !clockless && circumstances.audible.has(channel);
  const screen = isAudible
    ? withSilence(seen, track.sound, concerns(circumstances.unheard, stored.viewer))
    : seen;
  const viewer = seenBy(track, screen, context);
  // Its screen was concluded from the chain, and cannot be held against it.
  if (imitates !== undefined) return { viewer, watched: undefined, strayLosses: [], strange };
  const emitted = circumstances.emitted.get(channel) ?? [];
  return {
    viewer,
    watched: { viewer, played: playedBy(viewer, context.playback, emitted) },
    strayLosses: lost.map((interval) => ({ channel, ...interval })),
    strange,
    again,
  };
}

/** Removes what was the machine's doing: the control tells, and filler that nobody asked for. */
function itsOwn(
  screen: Screen,
  { viewer }: ViewerTrack,
  { suffering, strays, context }: Circumstances & { readonly context: ViewerContext },
) {
  const own = strays.filter((stray) => stray.channel === viewer.channel);
  const fillers = own.flatMap(({ intervals }) => intervals);
  return withoutStrays(
    withoutSuffering(screen, concerns(suffering, viewer)),
    context.playback,
    fillers,
  );
}
