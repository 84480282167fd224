// Workers of a page, as video.js has one: their code runs in the page's own context, and messages take
// no time but their turn.

import { compileFunction, type Context } from 'node:vm';
import type { VirtualTimers } from '../../harness/model/virtualWorld.ts';
import { Emitter } from './emitter.ts';

/** A text that has an address. */
export class PageBlob {
  readonly text: string;

  constructor(parts: readonly unknown[] = []) {
    this.text = parts.map(String).join('');
  }
}

export interface WorkerOptions {
  readonly context: Context;
  readonly timers: VirtualTimers;
  readonly codeAt: (url: string) => string;
}

type Code = (self: object) => void;

/** Makes the class of workers of one page. */
export function makeWorkers({
  context,
  timers,
  codeAt,
}: WorkerOptions): new (url: string) => object {
  const compiled = new Map<string, Code>();
  const compile = (text: string): Code => {
    const code =
      compiled.get(text) ?? (compileFunction(text, ['self'], { parsingContext: context }) as Code);
    compiled.set(text, code);
    return code;
  };
  return class PageWorker extends Emitter {
    readonly #inside = new Emitter();
    #ended = false;

    constructor(url: string) {
      super();
      const postMessage = (data: unknown) => this.#send(this, data);
      compile(codeAt(url))(Object.assign(this.#inside, { postMessage }));
    }

    postMessage(data: unknown): void {
      this.#send(this.#inside, data);
    }

    terminate(): void {
      this.#ended = true;
    }

    #send(to: Emitter, data: unknown): void {
      timers.after(0, () => {
        if (!this.#ended) to.tell('message', { type: 'message', target: to, data });
      });
    }
  };
}
