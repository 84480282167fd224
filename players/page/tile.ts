// One tile of the wall: a screen and a caption under it.

import type { ScreenClass } from '../../harness/model/report.ts';
import type { WallViewer } from '../messages.ts';
import { STATUS_COLOUR } from './liveStatus.ts';

export interface Tile {
  /** A fresh video element in the place of the one before. */
  renewVideo(): HTMLVideoElement;
  /** Writes the channel into the caption. */
  tuneTo(channel: string): void;
  /** Touches the document only when the status has changed. */
  show(status: ScreenClass): void;
  /** The application shows these texts: below the picture, because nothing lies over one. */
  showAlerts(texts: readonly string[]): void;
}

export function createTile(wall: HTMLElement, viewer: WallViewer): Tile {
  const figure = element('figure', viewer.control ? 'control' : '');
  const screen = element('div', 'screen');
  const status = element('span', 'status');
  const channel = element('span', 'channel', viewer.channel);
  const alert = element('span', 'alert');
  const caption = element('figcaption', '');
  caption.append(element('span', 'name', viewer.id), channel, alert, status);
  figure.append(screen, caption);
  wall.append(figure);
  return {
    renewVideo: () => {
      const video = document.createElement('video');
      video.muted = true;
      video.autoplay = true;
      video.playsInline = true;
      video.disablePictureInPicture = true;
      screen.replaceChildren(video);
      return video;
    },
    tuneTo: (name) => {
      if (channel.textContent !== name) channel.textContent = name;
    },
    showAlerts: (texts) => {
      const text = texts.join(' · ');
      if (alert.textContent !== text) alert.textContent = text;
    },
    show: (shown) => {
      if (status.textContent === shown) return;
      status.textContent = shown;
      figure.style.setProperty('--class', STATUS_COLOUR[shown]);
    },
  };
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
