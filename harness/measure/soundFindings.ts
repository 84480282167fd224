// Says what was lost of the sound, where there was none to lose, and how far it was from its picture.

import { isApart } from '../model/sound.ts';
import type { Finding, ViewerResult } from '../model/report.ts';
import { durationText } from './durationText.ts';
import type { SeenViewer } from './viewers.ts';

interface Heard {
  readonly audience: readonly SeenViewer[];
  /** Channels on which somebody heard something. */
  readonly audible: ReadonlySet<string>;
}

/** Nothing is said of viewers to whom nobody listened. */
export function soundFindings({ audience, audible }: Heard): Finding[] {
  const heard = audience.filter(({ result }) => result.sound !== undefined);
  return [
    ...sayUnheard(heard.length, audience),
    ...sayNoSound(heard, audible),
    ...saySilent(heard),
    ...sayApart(heard.map(({ result }) => result)),
  ];
}

/** Where the sound of some is known, silence of the others is not. */
function sayUnheard(heard: number, audience: readonly SeenViewer[]): Finding[] {
  const deaf = audience.filter(({ result }) => result.sound === undefined);
  if (heard === 0 || deaf.length === 0) return [];
  const text = `nobody listened to ${listed(deaf.map(({ result }) => result))}: whether they were silent is not known`;
  return [{ rule: 'sound-unmeasured', verdict: 'pass', text }];
}

function sayNoSound(heard: readonly SeenViewer[], audible: ReadonlySet<string>): Finding[] {
  const channels = new Set(heard.map(({ result }) => result.channel));
  return [...channels]
    .filter((channel) => !audible.has(channel))
    .map((channel) => ({
      rule: 'no-sound',
      verdict: 'pass',
      text: `${channel} had no sound for any viewer at any time: what it lost of it is not known, and no moment is called silent`,
    }));
}

/** The picture came back, and the sound did not. */
function saySilent(heard: readonly SeenViewer[]): Finding[] {
  const silent = heard.filter(({ result }) => result.ledger.silent > 0);
  if (silent.length === 0) return [];
  const worstMs = Math.max(...silent.map(({ result }) => result.ledger.silent));
  const atEnd = silent.filter(({ screen }) => screen.spans.at(-1)!.class === 'silent');
  const ends =
    atEnd.length === 0
      ? ''
      : `; ${listed(atEnd.map(({ result }) => result))} without it to the end`;
  const firstMs = Math.min(
    ...silent.flatMap(({ screen }) =>
      screen.spans.filter((span) => span.class === 'silent').map(({ fromMs }) => fromMs),
    ),
  );
  return [
    {
      rule: 'silent',
      verdict: 'pass',
      text: `${listed(silent.map(({ result }) => result))} had the picture of the programme without its sound, for up to ${durationText(worstMs)}${ends}`,
      atMs: firstMs,
    },
  ];
}

function sayApart(heard: readonly ViewerResult[]): Finding[] {
  const apart = heard.filter(({ sound }) => sound?.lipSync && isApart(sound.lipSync));
  if (apart.length === 0) return [];
  const worst = apart.reduce((a, b) =>
    Math.abs(b.sound!.lipSync!.medianMs) > Math.abs(a.sound!.lipSync!.medianMs) ? b : a,
  );
  const { medianMs } = worst.sound!.lipSync!;
  return [
    {
      rule: 'lip-sync',
      verdict: 'pass',
      text: `the sound of ${listed(apart)} is not with its picture: ${Math.abs(medianMs)} ms ${medianMs > 0 ? 'late' : 'early'} for ${worst.id}`,
    },
  ];
}

const LISTED_MAX = 6;

function listed(viewers: readonly Pick<ViewerResult, 'id'>[]): string {
  const names = viewers.slice(0, LISTED_MAX).map(({ id }) => id);
  const more = viewers.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
