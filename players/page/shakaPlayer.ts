// shaka-player behind the interface of the wall.

import shaka from 'shaka-player';
import { alertsInText, type TagText } from '../../harness/model/id3.ts';
import type { PlayerError } from '../../harness/model/history.ts';
import { safeUrl } from '../../harness/model/safeUrl.ts';
import type { CreatePlayer } from './player.ts';

const { BAD_HTTP_STATUS } = shaka.util.Error.Code;

shaka.polyfill.installAll();

export const createPlayer: CreatePlayer = ({ video, url, config, events }) => {
  const player = new shaka.Player();
  if (!player.configure(config)) throw new Error('shaka-player refuses this configuration');
  let over = false;
  const report = (error: shaka.util.Error): void => {
    if (over) return;
    if (error.severity === shaka.util.Error.Severity.CRITICAL) events.fatal(playerError(error));
    else events.error(playerError(error));
  };
  player.addEventListener('error', (event) => report(readError(event)));
  player.addEventListener('adaptation', () => events.level(levelText(player)));
  player.addEventListener('metadataadded', (event) => {
    const alerts = alertsInText((event as unknown as { readonly payload: TagText }).payload);
    if (alerts) events.alerts('segment', alerts);
  });
  const load = (): void => void player.load(url).catch(report);
  return {
    attach: () => void player.attach(video).then(load, report),
    startLoad: () => {
      if (!player.retryStreaming()) load();
    },
    destroy: () => {
      over = true;
      void player.destroy();
    },
  };
};

const readError = (event: Event): shaka.util.Error =>
  (event as unknown as { readonly detail: shaka.util.Error }).detail;

/** The first datum of an error of the network is the address, the second may be the status. */
function playerError({ category, code, data }: shaka.util.Error): PlayerError {
  const [asked, answered] = data as readonly unknown[];
  const url = safeUrl(typeof asked === 'string' ? asked : undefined);
  return {
    type: nameIn(shaka.util.Error.Category, category),
    details: nameIn(shaka.util.Error.Code, code),
    ...(code === BAD_HTTP_STATUS && typeof answered === 'number' ? { status: answered } : {}),
    ...(url === undefined ? {} : { url }),
  };
}

const nameIn = (names: object, code: unknown): string =>
  Object.entries(names).find(([, value]) => value === code)?.[0] ?? String(code);

function levelText(player: shaka.Player): string {
  const track = player.getVariantTracks().find(({ active }) => active);
  return track ? `${track.width}x${track.height} ${Math.round(track.bandwidth / 1000)} kbit/s` : '';
}
