// Chooses what a rehearsal stands on, and checks it before anything is started.

import { findChrome } from '../../players/chrome.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { readTransport } from '../model/scenario.ts';
import { chooseRuntime, type RuntimeChoice, type RuntimeKind } from '../runtime/select.ts';
import { findTool, requireFitTools, requireTools, TOOLS } from '../runtime/tools.ts';
import type { RunPlace } from './runFolder.ts';
import {
  DEFAULT_WISHES,
  TOXIPROXY_KINDS,
  type BrowserKind,
  type ToxiproxyWish,
  type Wishes,
} from './wishes.ts';

export interface Setting {
  readonly out: RunPlace;
  readonly runtime: RuntimeChoice;
  readonly browser: BrowserKind;
  readonly toxiproxy: ToxiproxyWish;
  /** Paths by the names of tools. */
  readonly tools: Readonly<Record<string, string>>;
}

/**
 * A setting for what is known of the plans that it is for. Throws ARGUMENT_INVALID, TOOL_MISSING,
 * TOOL_UNFIT, ENGINE_UNAVAILABLE.
 */
export async function settingFor(
  given: Partial<Wishes>,
  signal: AbortSignal,
  plans: readonly Plan[] = [],
): Promise<Setting> {
  const wishes: Wishes = { ...DEFAULT_WISHES, ...given };
  const { out, toxiproxy, chrome } = wishes;
  if (toxiproxy === 'official') plans.forEach(requireNoDatagrams);
  const runtime = await chooseRuntime(wishes.runtime, signal);
  const browser = await chooseBrowser(wishes, runtime.kind);
  requireFittingWishes({ runtime: runtime.kind, browser, toxiproxy });
  const needed = [
    ...(runtime.kind === 'processes' ? (['ffmpeg', 'nginx'] as const) : []),
    ...(browser === 'host' && chrome === undefined ? (['chromium'] as const) : []),
  ];
  const found = await requireTools(needed);
  await requireFitTools(found);
  const tools = chrome ? { ...found, chromium: await findChrome(chrome) } : found;
  return { out, runtime, browser, toxiproxy, tools };
}

async function chooseBrowser(wishes: Wishes, runtime: RuntimeKind): Promise<BrowserKind> {
  if (wishes.browser !== 'auto') return wishes.browser;
  if (runtime === 'processes' || wishes.chrome !== undefined) return 'host';
  const chromium = TOOLS.find(({ name }) => name === 'chromium');
  return chromium && (await findTool(chromium)) ? 'host' : 'container';
}

export const isUrl = (wish: ToxiproxyWish): boolean => /^https?:\/\//.test(wish);

/** The official server knows TCP alone. Throws ARGUMENT_INVALID. */
function requireNoDatagrams({ scenario: { design } }: Plan): void {
  const udp = design.links.find((link) => readTransport(link) === 'udp');
  if (udp)
    throw wrong(
      `--toxiproxy official carries no UDP, and ${udp.name} of ${design.name} is a UDP link`,
      '--toxiproxy embedded, or leave it out',
    );
}

/** Throws ARGUMENT_INVALID for what cannot go together. */
function requireFittingWishes({ runtime, browser, toxiproxy }: Chosen): void {
  if (!isUrl(toxiproxy) && !['auto', ...TOXIPROXY_KINDS].includes(toxiproxy))
    throw wrong(
      `--toxiproxy ${toxiproxy}`,
      'auto, official, embedded, or a URL (http://host:port)',
    );
  if (runtime === 'processes' && toxiproxy === 'official')
    throw wrong('--toxiproxy official is an image', '--runtime containers, or the URL of a server');
  if (runtime === 'processes' && browser === 'container')
    throw wrong('--browser container needs an engine', '--runtime containers, or --browser host');
  if (runtime === 'containers' && isUrl(toxiproxy))
    throw wrong(
      'a Toxiproxy server elsewhere cannot reach the private network of a run',
      '--runtime processes with a URL, or --toxiproxy auto',
    );
}

interface Chosen {
  readonly runtime: RuntimeKind;
  readonly browser: BrowserKind;
  readonly toxiproxy: ToxiproxyWish;
}

const wrong = (what: string, instead: string): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', what, { hint: `use ${instead}` });
