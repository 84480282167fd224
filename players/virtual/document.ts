// The part of a document that the page of the wall touches: elements in each other, and a canvas that
// reads what a virtual video shows.

import { encodeCells, FRAME_CLOCK } from '../../harness/model/frameClock.ts';
import { PICTURE } from '../page/picture.ts';
import { Emitter } from './emitter.ts';
import type { Shown } from './shown.ts';

export class PageElement extends Emitter {
  textContent = '';
  className = '';
  id = '';
  parent: PageElement | undefined;
  children: readonly unknown[] = [];
  readonly style: Record<string, unknown> = { setProperty: () => undefined };

  append(...children: readonly unknown[]): void {
    this.#adopt([...this.children, ...children]);
  }

  appendChild<T>(child: T): T {
    this.append(child);
    return child;
  }

  replaceChildren(...children: readonly unknown[]): void {
    this.#adopt(children);
  }

  removeChild(): void {
    // Nothing looks for it afterwards.
  }

  remove(): void {
    // The same.
  }

  setAttribute(): void {
    // No attribute changes anything here.
  }

  removeAttribute(_name: string): void {
    // The same.
  }

  querySelectorAll(): readonly never[] {
    return [];
  }

  querySelector(): null {
    return null;
  }

  getBoundingClientRect(): object {
    return { x: 0, y: 0, width: 0, height: 0 };
  }

  #adopt(children: readonly unknown[]): void {
    for (const child of this.children)
      if (child instanceof PageElement && !children.includes(child)) child.parent = undefined;
    this.children = children;
    for (const child of children) if (child instanceof PageElement) child.parent = this;
  }
}

/** A canvas on which one video can be drawn. */
export class Canvas extends PageElement {
  width = 0;
  height = 0;

  getContext(): object {
    let drawn: { readonly shown?: Shown } | undefined;
    return {
      drawImage: (video: { readonly shown?: Shown }) => (drawn = video),
      fillRect: () => undefined,
      getImageData: () => ({ data: pixelsOf(drawn?.shown) }),
    };
  }

  captureStream(): object {
    return {};
  }
}

const WHITE = 235;
const BLACK = 16;
/** Mean of a picture of the programme below its strip. */
const GREY = 120;

/** The picture that a canvas of the page's size would read: a strip of the frame clock, or black. */
function pixelsOf(shown: Shown | undefined): Uint8ClampedArray {
  const { width, height } = PICTURE;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const kind = shown?.run.kind ?? 'black';
  if (!shown || kind === 'black') return pixels;
  pixels.fill(GREY);
  const { counter, run } = shown;
  const cells = encodeCells({ counter, channel: run.channel, slate: kind === 'slate' });
  const size = { width: width / FRAME_CLOCK.columns, height: 3 };
  for (const [cell, white] of cells.entries()) {
    const [column, row] = [cell % FRAME_CLOCK.columns, Math.floor(cell / FRAME_CLOCK.columns)];
    for (let y = row * size.height; y < (row + 1) * size.height; y++) {
      const from = (y * width + column * size.width) * 4;
      pixels.fill(white ? WHITE : BLACK, from, from + size.width * 4);
    }
  }
  return pixels;
}

/** The document, with the elements that the page asks for by id. */
export function documentOf(Video: new () => unknown): object {
  const byId = new Map<string, PageElement>();
  return {
    title: '',
    body: new PageElement(),
    visibilityState: 'visible',
    createElement: (tag: string) =>
      tag === 'video' ? new Video() : tag === 'canvas' ? new Canvas() : new PageElement(),
    getElementById: (id: string) => {
      const known = byId.get(id) ?? new PageElement();
      byId.set(id, known);
      return known;
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
}
