// The part of a document that the page of the wall touches: elements in each other, and a canvas that
// reads what a virtual video shows.

import { ALERT_STRIP, encodeAlert, unpackSign } from '../../harness/model/alertStrip.ts';
import { encodeCells, FRAME_CLOCK } from '../../harness/model/frameClock.ts';
import { PICTURE } from '../page/picture.ts';
import { Emitter } from './emitter.ts';
import type { Shown } from './shown.ts';

const none = (): undefined => undefined;

export class PageElement extends Emitter {
  static readonly ELEMENT_NODE = 1;
  readonly nodeType = PageElement.ELEMENT_NODE;
  textContent = '';
  className = '';
  id = '';
  parent: PageElement | undefined;
  ownerDocument: object = {};
  children: readonly unknown[] = [];
  readonly style: Record<string, unknown> = { setProperty: () => undefined };
  readonly classList = { add: none, remove: none, toggle: none, contains: () => false };
  readonly #attributes = new Map<string, string>();

  readonly tag: string;

  constructor(tag = 'div') {
    super();
    this.tag = tag;
  }

  get tagName(): string {
    return this.tag.toUpperCase();
  }

  get nodeName(): string {
    return this.tagName;
  }

  get parentNode(): PageElement | null {
    return this.parent ?? null;
  }

  get firstChild(): unknown {
    return this.children[0] ?? null;
  }

  append(...children: readonly unknown[]): void {
    for (const child of children) if (child instanceof PageElement) child.remove();
    this.#adopt([...this.children, ...children]);
  }

  appendChild<T>(child: T): T {
    this.append(child);
    return child;
  }

  insertBefore<T>(child: T): T {
    return this.appendChild(child);
  }

  replaceChildren(...children: readonly unknown[]): void {
    this.#adopt(children);
  }

  removeChild<T>(child: T): T {
    this.#adopt(this.children.filter((one) => one !== child));
    return child;
  }

  remove(): void {
    this.parent?.removeChild(this);
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasChildNodes(): boolean {
    return this.children.length > 0;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  getElementsByTagName(tag: string): readonly PageElement[] {
    return this.children.filter(
      (child): child is PageElement => child instanceof PageElement && child.tag === tag,
    );
  }

  querySelectorAll(selector: string): readonly PageElement[] {
    return this.getElementsByTagName(selector);
  }

  closest(): null {
    return null;
  }

  querySelector(): null {
    return null;
  }

  contains(): boolean {
    return true;
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
      getImageData: () => ({ data: drawPixels(drawn?.shown) }),
    };
  }
}

const WHITE = 235;
const BLACK = 16;
/** Mean of a picture of the programme below its strip. */
const GREY = 120;

/** The picture that a canvas of the page's size would read: its strips, and grey or black. */
function drawPixels(shown: Shown | undefined): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(PICTURE.width * PICTURE.height * 4);
  if (!shown) return pixels;
  const { counter, run } = shown;
  if (run.kind !== 'black') {
    pixels.fill(GREY);
    const slate = run.kind === 'slate';
    drawCells(pixels, encodeCells({ counter, channel: run.channel, slate }), 0);
  }
  if (run.alert !== undefined)
    drawCells(pixels, encodeAlert(unpackSign(run.alert)), ALERT_STRIP.firstRow);
  return pixels;
}

function drawCells(pixels: Uint8ClampedArray, cells: Uint8Array, firstRow: number): void {
  const { width } = PICTURE;
  const size = { width: width / FRAME_CLOCK.columns, height: 3 };
  for (const [cell, white] of cells.entries()) {
    const column = cell % FRAME_CLOCK.columns;
    const row = firstRow + Math.floor(cell / FRAME_CLOCK.columns);
    for (let y = row * size.height; y < (row + 1) * size.height; y++) {
      const from = (y * width + column * size.width) * 4;
      pixels.fill(white ? WHITE : BLACK, from, from + size.width * 4);
    }
  }
}

/** The document, with the elements that the page asks for by id. */
export function makeDocument(Video: new () => PageElement): object {
  const byId = new Map<string, PageElement>();
  const make: Record<string, () => PageElement> = {
    video: () => new Video(),
    canvas: () => new Canvas('canvas'),
  };
  const createElement = (tag: string): PageElement => {
    const made = make[tag]?.() ?? new PageElement(tag);
    made.ownerDocument = document;
    return made;
  };
  const document = {
    nodeName: '#document',
    title: '',
    defaultView: {},
    body: new PageElement('body'),
    documentElement: new PageElement('html'),
    readyState: 'complete',
    visibilityState: 'visible',
    createElement,
    getElementById: (id: string) => {
      const known = byId.get(id) ?? createElement('div');
      byId.set(id, known);
      return known;
    },
    getElementsByTagName: () => [],
    querySelector: () => null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  return document;
}
