// The plan of watching a stream of anybody's: a scenario without stages and faults, one viewer.

import { HarnessError } from '../model/errors.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { Design, Expectation, Scenario, ViewerGroup } from '../model/scenario.ts';
import { safeUrl } from '../model/safeUrl.ts';
import type { StreamSaid } from '../probe/askStream.ts';
import { parseExpectation, pointAt } from '../scenario/expectation.ts';

export interface StreamPlan extends Plan {
  readonly scenario: Scenario & { readonly viewers: ViewerGroup };
  readonly viewer: ViewerDescription;
}

interface Wanted {
  readonly url: string;
  readonly forMs: number;
  readonly player: string;
  readonly expect?: readonly string[];
}

/** The rate that is taken for one that no manifest names: it tells when a next picture is due. */
const FPS_ASSUMED = 25;
const CHANNEL = 'stream';

/** Throws ARGUMENT_INVALID for an expectation that cannot be read. */
export function planOfStream(wanted: Wanted, said: StreamSaid): StreamPlan {
  const { url, forMs, player } = wanted;
  const { hostname } = new URL(url);
  const shown = safeUrl(url) ?? url;
  const group: ViewerGroup = { count: 1, player, policy: { onFatal: 'none' }, config: {} };
  return {
    scenario: {
      name: `watch-${hostname
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, '')}`,
      title: `Watched ${shown}`,
      description: `A stream of others, watched for ${forMs / 1000} s.`,
      kind: 'drill',
      sources: [],
      assumptions:
        said.fps === undefined
          ? [`${FPS_ASSUMED} frames a second: the stream does not say its rate`]
          : [],
      design: designOf(shown, said.fps ?? FPS_ASSUMED),
      clock: undefined,
      seed: 1,
      viewers: group,
      steady: { holdMs: 0, withinMs: 0 },
      windows: [],
      faults: [],
      recover: { withinMs: 0 },
      expectations: (wanted.expect ?? []).map(readExpectation),
      guardrails: [],
      file: '',
    },
    viewer: {
      id: 'v1',
      channel: CHANNEL,
      channelNumber: 0,
      player,
      control: false,
      clockless: true,
    },
    compress: 1,
    seed: 1,
    actions: [],
    disruptMs: forMs,
    recoverWithinMs: 0,
    cutMs: 0,
  };
}

const designOf = (title: string, fps: number): Design => ({
  name: CHANNEL,
  title,
  description: '',
  sources: [],
  channels: [CHANNEL],
  media: {
    width: 320,
    height: 180,
    fps,
    contributionKbps: 0,
    segmentMs: 0,
    playlistSegments: 0,
    ladder: [],
  },
  stages: [],
  links: [],
});

function readExpectation(text: string): Expectation {
  const { expectation, mistake } = parseExpectation(text);
  if (expectation) return expectation;
  throw new HarnessError(
    'ARGUMENT_INVALID',
    `--expect: ${mistake.message}\n${pointAt(text, mistake.at)}`,
    { target: '--expect', hint: 'such as "max(blackScreen) <= 1s"' },
  );
}
