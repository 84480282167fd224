// A made-up player: everything that a new one takes besides its line in the registry.

import type { CreatePlayer } from '../../../../players/page/player.ts';

/** Hands the address to the element, and gives up when that does. */
export const createPlayer: CreatePlayer = ({ video, url, events }) => {
  const giveUp = () => events.fatal({ type: 'madeUpError', details: 'elementGaveUp' });
  return {
    attach: () => {
      video.addEventListener('error', giveUp);
      video.src = url;
    },
    startLoad: () => video.load(),
    destroy: () => {
      video.removeEventListener('error', giveUp);
      video.removeAttribute('src');
    },
  };
};
