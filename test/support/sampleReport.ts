// A report as judge would make it, for tests of outputs: six viewers on two channels and a
// control, one window that overruns and gives its channels back in turn, a cut of 42 s. Every
// sum is computed from the spans, so that the sample keeps the rules real reports keep.

import {
  CLASSES,
  REPORT_VERSION,
  type FaultResult,
  type Interruption,
  type Lane,
  type Report,
  type ScreenClass,
  type Span,
  type Summary,
  type ViewerResult,
} from '../../harness/model/report.ts';

const DISRUPT_MS = 18_000;
const CUT_FROM_MS = 23_000;
const HEAL_MS = { one: 63_000, two: 65_000 } as const;
const CUT_MS = HEAL_MS.two - CUT_FROM_MS;
const LEAVE_MS = 84_000;
const JOIN_MS = 6_200;

type Channel = keyof typeof HEAL_MS;
type Part = readonly [ScreenClass, number];

/** One viewer's evening: classes with the instant each ends; the last one ends at leaving. */
interface Evening {
  readonly id: string;
  readonly channel: Channel;
  readonly parts: readonly Part[];
  readonly fatalErrors: number;
  readonly reloads: number;
}

const EVENINGS: readonly Evening[] = [
  evening('viewer-1', 'one', 1, [
    ['starting', 7_040],
    ['programme', 29_320],
    ['stalled', 49_880],
    ['dead', 54_900],
    ['starting', 67_480],
    ['programme', LEAVE_MS],
  ]),
  evening('viewer-2', 'two', 1, [
    ['starting', 7_120],
    ['programme', 24_160],
    ['frozen', 25_200],
    ['black', 30_240],
    ['slate', 36_000],
    ['stalled', 58_920],
    ['dead', 61_300],
    ['starting', 69_760],
    ['programme', LEAVE_MS],
  ]),
  evening('viewer-3', 'one', 0, [
    ['starting', 6_960],
    ['programme', 28_840],
    ['frozen', 29_040],
    ['stalled', 66_320],
    ['programme', 71_000],
    ['frozen', 71_120],
    ['programme', LEAVE_MS],
  ]),
  evening('viewer-4', 'two', 0, [
    ['starting', 7_400],
    ['programme', 24_280],
    ['frozen', 25_280],
    ['black', 30_280],
    ['slate', 35_400],
    ['stalled', 68_040],
    ['programme', 72_600],
    ['stalled', 74_360],
    ['programme', LEAVE_MS],
  ]),
  evening('viewer-5', 'one', 2, [
    ['starting', 7_080],
    ['programme', 29_600],
    ['stalled', 50_120],
    ['dead', LEAVE_MS],
  ]),
  evening('viewer-6', 'two', 1, [
    ['starting', 7_000],
    ['programme', 24_200],
    ['frozen', 25_240],
    ['black', 30_240],
    ['slate', 35_900],
    ['stalled', 57_000],
    ['starting', 57_900],
    ['black', 61_000],
    ['unmeasured', 61_800],
    ['starting', 68_800],
    ['programme', LEAVE_MS],
  ]),
];

const CONTROL = evening('control', 'one', 0, [
  ['starting', 6_900],
  ['programme', LEAVE_MS],
]);

/** The sample; fields given replace its own. */
export function sampleReport(changes: Partial<Report> = {}): Report {
  const viewers = EVENINGS.map((each) => viewerResult(each));
  return {
    version: REPORT_VERSION,
    run: {
      id: 'sample-2026-01-15T20-00-00Z',
      scenario: 'access-link-work',
      title: 'Work on the access link at prime time, with overrun',
      kind: 'incident',
      file: 'scenarios/incidents/access-link-work.yaml',
      engine: 'run',
      startedAt: '2026-01-15T20:00:00.000Z',
      endedAtMs: 86_400,
      compress: 60,
      seed: 20250912,
      harness: '0.1.0',
      environment: {
        runtime: 'processes',
        runtimeReason: 'no container engine answered within 1 s',
        toxiproxy: 'embedded 0.1.0',
        node: 'v24.21.0',
        platform: 'linux x64',
        cores: 2,
        memoryMb: 7_950,
        tools: { ffmpeg: '5.1.6', nginx: '1.22.1', chromium: '131.0.6778' },
      },
      ended: 'complete',
      clock: '2025-09-12T22:10:00+02:00',
    },
    verdict: 'fail',
    findings: FINDINGS,
    expectations: EXPECTATIONS,
    phases: PHASES,
    faults: FAULTS,
    windows: [
      {
        name: 'connect-maintenance',
        owner: 'carrier',
        announcedFromMs: DISRUPT_MS - 2_000,
        announcedToMs: 48_000,
        workFromMs: CUT_FROM_MS,
        workToMs: 38_000,
      },
    ],
    cutMs: CUT_MS,
    margin: { ms: 31, from: { madeAt: '2026-01-10T09:00:00.000Z', viewers: 6 } },
    lanes: LANES,
    viewers: [...viewers, viewerResult(CONTROL, true)],
    audience: audienceOf(viewers),
    screenshots: ['before', 'during', 'after'].map((moment, i) => ({
      moment,
      atMs: [17_900, 44_000, 83_500][i] ?? 0,
      file: `wall-${moment}.png`,
    })),
    sources: [
      {
        id: 'press-2026-01-15',
        text: 'Press article of 15 January 2026: "près de quarante minutes".',
      },
      { id: 'S22', text: 'Provider documentation: planned maintenance, notice and window.' },
    ],
    assumptions: [
      'The link drops what is sent while the work lasts.',
      'Channels come back in turn.',
    ],
    ...changes,
  };
}

/** Spans from `join`, each ending at the instant beside it; the same evening for the report's parts. */
function evening(id: string, channel: Channel, reloads: number, parts: readonly Part[]): Evening {
  return { id, channel, parts, reloads, fatalErrors: reloads };
}

export function spansOf(parts: readonly Part[], fromMs = JOIN_MS): Span[] {
  const spans: Span[] = [];
  for (const [name, toMs] of parts) {
    spans.push({ class: name, fromMs: spans.at(-1)?.toMs ?? fromMs, toMs });
  }
  return spans;
}

const LOST: ReadonlySet<ScreenClass> = new Set(['frozen', 'black', 'stalled', 'dead', 'starting']);
const lengthMs = (spans: readonly Span[]) => spans.reduce((sum, s) => sum + s.toMs - s.fromMs, 0);

function viewerResult(each: Evening, control = false): ViewerResult {
  const spans = spansOf(each.parts);
  const interruptions = interruptionsOf(spans.slice(1), each.channel);
  const recovered = spans.at(-1)?.class === 'programme';
  const back = interruptions.filter((i) => !i.glitch).at(0)?.toMs;
  const blackScreenMs = interruptions.reduce((sum, i) => sum + (i.glitch ? 0 : i.blackScreenMs), 0);
  const ledger = ledgerOf(spans);
  const timeToRecoverMs =
    control || !recovered || back === undefined ? undefined : back - HEAL_MS[each.channel];
  return {
    id: each.id,
    channel: each.channel,
    player: 'hls.js 1.7.4',
    control,
    joinMs: JOIN_MS,
    leaveMs: LEAVE_MS,
    sessionMs: LEAVE_MS - JOIN_MS,
    ledger,
    blackScreenMs,
    programmeLossMs: blackScreenMs + ledger.slate,
    interruptions,
    amplification: control ? undefined : blackScreenMs / CUT_MS,
    recovered,
    recovery: recovered ? 'recovered' : 'not-recovered',
    timeToRecoverMs,
    atMost: {
      blackScreenMs: blackScreenMs + ledger.unmeasured,
      programmeLossMs: blackScreenMs + ledger.slate + ledger.unmeasured,
      timeToRecoverMs: timeToRecoverMs && timeToRecoverMs + ledger.unmeasured,
      amplification: control ? undefined : (blackScreenMs + ledger.unmeasured) / CUT_MS,
    },
    presentedFps: 24.8,
    latencyMs: 6_240,
    fatalErrors: each.fatalErrors,
    reloads: each.reloads,
  };
}

function ledgerOf(spans: readonly Span[]): Record<ScreenClass, number> {
  const sums = CLASSES.map(
    (name) => [name, lengthMs(spans.filter((s) => s.class === name))] as const,
  );
  return Object.fromEntries(sums) as Record<ScreenClass, number>;
}

function interruptionsOf(spans: readonly Span[], channel: Channel): Interruption[] {
  const groups: Span[][] = [];
  for (const span of spans) {
    if (span.class === 'programme') groups.push([]);
    else groups.at(-1)?.push(span);
  }
  return groups
    .filter((group) => group.length > 0)
    .map((group, i) => interruption(group, i === 0 ? channel : undefined));
}

function interruption(spans: Span[], channel: Channel | undefined): Interruption {
  const fromMs = spans[0]?.fromMs ?? 0;
  const toMs = spans.at(-1)?.toMs ?? 0;
  const recovered = toMs < LEAVE_MS;
  const heal = channel && HEAL_MS[channel];
  const parts = heal && {
    detectMs: fromMs - CUT_FROM_MS,
    outageMs: heal - fromMs,
    ...(recovered ? { refillMs: 1_400, playerMs: toMs - heal - 1_400 } : {}),
  };
  return {
    fromMs,
    toMs,
    blackScreenMs: lengthMs(spans.filter((s) => LOST.has(s.class))),
    atMost: {
      lengthMs: toMs - fromMs,
      blackScreenMs: lengthMs(spans.filter((s) => LOST.has(s.class) || s.class === 'unmeasured')),
    },
    spans,
    cause: channel ? 'connect-maintenance' : undefined,
    lostFirstAt: channel && { stage: `transcoder.${channel}`, atMs: CUT_FROM_MS + 120 },
    parts: parts ?? {},
    glitch: toMs - fromMs < 200,
    recovered,
  };
}

function audienceOf(viewers: readonly ViewerResult[]): Report['audience'] {
  const numbers = (of: (v: ViewerResult) => number | undefined) =>
    viewers.map(of).filter((n) => n !== undefined);
  const black = numbers((v) => v.blackScreenMs);
  return {
    viewers: viewers.length,
    interrupted: viewers.filter((v) => v.blackScreenMs > 0).length,
    recovered: viewers.filter((v) => v.recovered).length,
    recoveryUnseen: viewers.filter((v) => v.recovery === 'unseen').length,
    blackScreenMs: summaryOf(black),
    programmeLossMs: summaryOf(numbers((v) => v.programmeLossMs)),
    timeToRecoverMs: summaryOf(numbers((v) => v.timeToRecoverMs)),
    amplification: summaryOf(numbers((v) => v.amplification)),
    latencyMs: summaryOf(numbers((v) => v.latencyMs)),
    viewerMinutesBlack: black.reduce((a, b) => a + b, 0) / 60_000,
    atMost: {
      blackScreenMs: summaryOf(numbers((v) => v.atMost.blackScreenMs)),
      programmeLossMs: summaryOf(numbers((v) => v.atMost.programmeLossMs)),
      timeToRecoverMs: summaryOf(numbers((v) => v.atMost.timeToRecoverMs)),
      amplification: summaryOf(numbers((v) => v.atMost.amplification)),
      viewerMinutesBlack:
        numbers((v) => v.atMost.blackScreenMs).reduce((a, b) => a + b, 0) / 60_000,
    },
    ledger: Object.fromEntries(
      CLASSES.map((name) => [name, viewers.reduce((sum, v) => sum + v.ledger[name], 0)]),
    ) as Record<ScreenClass, number>,
  };
}

export function summaryOf(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    count: sorted.length,
    min: rank(0),
    mean: sorted.reduce((a, b) => a + b, 0) / Math.max(1, sorted.length),
    p50: rank(0.5),
    p90: rank(0.9),
    p95: rank(0.95),
    p99: rank(0.99),
    max: rank(1),
  };
}

const PHASES: Report['phases'] = [
  { phase: 'provision', fromMs: 0, toMs: 6_200 },
  { phase: 'steady', fromMs: 6_200, toMs: DISRUPT_MS },
  { phase: 'disrupt', fromMs: DISRUPT_MS, toMs: 65_000 },
  { phase: 'recover', fromMs: 65_000, toMs: 84_000 },
  { phase: 'judge', fromMs: 84_000, toMs: 84_200 },
  { phase: 'teardown', fromMs: 84_200, toMs: 86_400 },
];

const FAULTS: readonly FaultResult[] = (['one', 'two'] as const).map((channel) => ({
  name: 'connect-maintenance',
  window: 'connect-maintenance',
  kind: 'cut',
  effect: 'drop',
  verb: { verb: 'cut', told: true },
  at: 'links',
  nature: 'cut',
  links: ['connect-up', 'connect-down'],
  channels: [channel],
  plannedFromMs: CUT_FROM_MS,
  plannedToMs: HEAL_MS[channel],
  fromMs: CUT_FROM_MS + 4,
  toMs: HEAL_MS[channel] + 7,
  proofs: (['inject', 'heal'] as const).flatMap((does) =>
    ['connect-up', 'connect-down'].map((link) => ({
      link: `${link}.${channel}`,
      does,
      proven: true,
      witness: link === 'connect-up' ? `transcoder.${channel} bytes in` : 'origin bytes in',
      observed: does === 'inject' ? '0 bytes in 500 ms' : '318 kB in 500 ms',
      atMs: (does === 'inject' ? CUT_FROM_MS : HEAL_MS[channel]) + 540,
    })),
  ),
}));

const EXPECTATIONS: Report['expectations'] = [
  { text: 'p50(blackScreen) >= 80% of cut', verdict: 'pass', observed: '39.6s, 94% of cut' },
  { text: 'recovered == 100%', verdict: 'fail', observed: '83.3%', reason: 'viewer-5 is dead' },
  {
    text: 'p95(latency) <= 8s',
    verdict: 'inconclusive',
    observed: '6.24s',
    reason: '0.8s of viewer-6 are unmeasured',
  },
];

const FINDINGS: Report['findings'] = [
  {
    rule: 'viewer-never-recovered',
    verdict: 'fail',
    text: 'viewer-5 gave up at 00:50.1 and its application did nothing about it.',
    atMs: 50_120,
    hint: 'Reload the player after a fatal error: viewers.policy.onFatal: reload.',
  },
  {
    rule: 'overrun',
    verdict: 'pass',
    text: 'The work of connect-maintenance took 25.0s longer than it was meant to.',
    atMs: 38_000,
  },
];

const LANES: readonly Lane[] = [
  ...(['connect-up', 'connect-down'] as const).flatMap((link) =>
    (['one', 'two'] as const).map((channel): Lane => ({
      kind: 'link',
      id: `${link}.${channel}`,
      spans: [
        { class: 'up', fromMs: 3_000, toMs: CUT_FROM_MS + 4 },
        { class: 'faulted', fromMs: CUT_FROM_MS + 4, toMs: HEAL_MS[channel] + 7 },
        { class: 'up', fromMs: HEAL_MS[channel] + 7, toMs: 84_400 },
      ],
    })),
  ),
  ...(['one', 'two'] as const).flatMap((channel): Lane[] => [
    {
      kind: 'stage',
      id: `playout.${channel}`,
      spans: [
        { class: 'down', fromMs: 0, toMs: 3_600 },
        { class: 'programme', fromMs: 3_600, toMs: 84_500 },
      ],
    },
    {
      kind: 'stage',
      id: `transcoder.${channel}`,
      spans: [
        { class: 'idle', fromMs: 2_600, toMs: 4_100 },
        { class: 'programme', fromMs: 4_100, toMs: CUT_FROM_MS + 120 },
        { class: 'filling', fromMs: CUT_FROM_MS + 120, toMs: HEAL_MS[channel] + 1_060 },
        { class: 'programme', fromMs: HEAL_MS[channel] + 1_060, toMs: 84_500 },
      ],
    },
  ]),
  ...['origin', 'edge'].map((id): Lane => ({
    kind: 'stage',
    id,
    spans: [
      { class: 'idle', fromMs: 1_400, toMs: 5_000 },
      { class: 'programme', fromMs: 5_000, toMs: 25_100 },
      { class: 'idle', fromMs: 25_100, toMs: 64_300 },
      { class: 'programme', fromMs: 64_300, toMs: 84_500 },
    ],
  })),
  ...[...EVENINGS, CONTROL].map((each): Lane => ({
    kind: 'viewer',
    id: each.id,
    spans: spansOf(each.parts),
  })),
];
