// The stages of one link in order. Stages can be put in, changed and taken out while data flows;
// everything happens in one turn of the event loop, so no byte can overtake another.
//
//   write() --> node --> node --> ... --> sink

import type { Random } from '../../kernel/random.ts';
import { countingOutlet } from './countingOutlet.ts';
import type { Toxic } from './toxic.ts';
import { reckoned, type Released, type Stage, type StageClock } from './toxics/stage.ts';

/** A stage that is taken out passes what it held in blocks of at most this. */
const BLOCK_BYTES_MAX = 64 * 1024;

/** The end of a chain, and its way to ask its owner for more. */
export interface Sink {
  /** False: nothing more until the owner calls `chain.drained()`. */
  readonly send: (chunk: Buffer) => boolean;
  readonly end: () => void;
  readonly close: () => void;
  readonly reset: () => void;
  /** The chain takes data again after a `write` that answered false. */
  readonly ready: () => void;
}

export interface ChainOptions {
  readonly clock: StageClock;
  /** A stream of chance of its own for each purpose on this link. */
  readonly randomFor: (purpose: string) => Random;
  readonly datagrams: boolean;
  readonly sink: Sink;
}

export interface Chain {
  write(chunk: Buffer): boolean;
  end(): void;
  drained(): void;
  /** Puts the toxic in its place among `order` if its toxicity says so. */
  attach(toxic: Toxic, order: readonly Toxic[]): void;
  /** The toxic's attributes or toxicity changed. */
  update(toxic: Toxic, order: readonly Toxic[]): void;
  /** Takes the toxic out; what it held goes on in order. */
  detach(toxic: Toxic): void;
  heldBytes(): number;
  /** Takes everything out and drops what is held. */
  destroy(): void;
}

interface Node {
  readonly toxic: Toxic;
  readonly stage: Stage;
  previous: Node | undefined;
  next: Node | undefined;
}

interface ChainState extends ChainOptions {
  /** One draw a toxic: raising its toxicity only ever adds links. */
  readonly draws: Map<Toxic, number>;
  head: Node | undefined;
  tail: Node | undefined;
  destroyed: boolean;
}

export function createChain(options: ChainOptions): Chain {
  const state: ChainState = {
    ...options,
    draws: new Map(),
    head: undefined,
    tail: undefined,
    destroyed: false,
  };
  return {
    write: (chunk) => pass(state, state.head, chunk),
    end: () => passEnd(state, state.head),
    drained: () => passReady(state, state.tail),
    attach: (toxic, order) => {
      if (!state.destroyed && applies(state, toxic)) insert(state, toxic, order);
    },
    update: (toxic, order) => update(state, toxic, order),
    detach: (toxic) => detach(state, toxic),
    heldBytes: () => {
      let bytes = 0;
      for (let node = state.head; node; node = node.next) bytes += node.stage.heldBytes();
      return bytes;
    },
    destroy: () => {
      state.destroyed = true;
      for (const node of nodes(state)) forget(node);
      state.head = undefined;
      state.tail = undefined;
    },
  };
}

function update(state: ChainState, toxic: Toxic, order: readonly Toxic[]): void {
  if (state.destroyed) return;
  const node = find(state, toxic);
  const wanted = applies(state, toxic);
  if (node && wanted) node.stage.update(reckoned(toxic.attributes));
  else if (node) remove(state, node);
  else if (wanted) insert(state, toxic, order);
}

function detach(state: ChainState, toxic: Toxic): void {
  const node = find(state, toxic);
  state.draws.delete(toxic);
  if (!node) return;
  if (!toxic.kind.closesWhenRemoved) return remove(state, node);
  forget(node);
  connect(state, node.previous, node.next);
  toxic.counters.closedConnections += 1;
  state.sink.close();
}

function insert(state: ChainState, toxic: Toxic, order: readonly Toxic[]): void {
  const place = order.indexOf(toxic);
  const next = nodes(state).find((node) => order.indexOf(node.toxic) > place);
  const previous = next ? next.previous : state.tail;
  const node = createNode(state, toxic);
  connect(state, previous, node);
  connect(state, node, next);
}

function createNode(state: ChainState, toxic: Toxic): Node {
  const { clock, datagrams, randomFor } = state;
  const random = randomFor(toxic.name);
  const outlet = countingOutlet(toxic.counters, {
    send: (chunk) => state.destroyed || pass(state, node.next, chunk),
    end: () => state.destroyed || passEnd(state, node.next),
    close: () => state.destroyed || state.sink.close(),
    reset: () => state.destroyed || state.sink.reset(),
    ready: () => state.destroyed || passReady(state, node.previous),
  });
  const stage = toxic.kind.create(reckoned(toxic.attributes), {
    clock,
    toxic,
    random,
    outlet,
    datagrams,
  });
  const node: Node = { toxic, stage, previous: undefined, next: undefined };
  toxic.counters.links += 1;
  toxic.counters.stages.add(stage);
  return node;
}

/** Takes a stage out; the bytes it held go on before anything that comes later. */
function remove(state: ChainState, node: Node): void {
  const { chunks, ended } = forget(node);
  const blocks = state.datagrams ? chunks : joinSmall(chunks);
  connect(state, node.previous, node.next);
  let hasRoom = true;
  for (const chunk of blocks) {
    node.toxic.counters.sentBytes += chunk.length;
    hasRoom = pass(state, node.next, chunk);
  }
  if (ended) passEnd(state, node.next);
  else if (hasRoom && !state.destroyed) passReady(state, node.previous);
}

/** Joins chunks in order; many small ones become few, to pass in one turn of the event loop. */
function joinSmall(chunks: readonly Buffer[]): readonly Buffer[] {
  const blocks: Buffer[][] = [];
  let blockBytes = Infinity;
  for (const chunk of chunks) {
    blockBytes += chunk.length;
    if (blockBytes > BLOCK_BYTES_MAX) {
      blocks.push([]);
      blockBytes = chunk.length;
    }
    blocks.at(-1)?.push(chunk);
  }
  return blocks.flatMap((block) => (block.length === 1 ? block : [Buffer.concat(block)]));
}

function forget({ toxic, stage }: Node): Released {
  toxic.counters.stages.delete(stage);
  return stage.release();
}

function applies({ draws, randomFor }: ChainState, toxic: Toxic): boolean {
  const draw = draws.get(toxic) ?? randomFor(`${toxic.name} toxicity`).next();
  draws.set(toxic, draw);
  return draw < toxic.toxicity;
}

function connect(state: ChainState, previous: Node | undefined, next: Node | undefined): void {
  if (previous) previous.next = next;
  else state.head = next;
  if (next) next.previous = previous;
  else state.tail = previous;
}

function pass({ sink }: ChainState, next: Node | undefined, chunk: Buffer): boolean {
  if (!next) return sink.send(chunk);
  next.toxic.counters.receivedBytes += chunk.length;
  return next.stage.write(chunk);
}

function passEnd({ sink }: ChainState, next: Node | undefined): void {
  if (next) next.stage.end();
  else sink.end();
}

function passReady({ sink }: ChainState, previous: Node | undefined): void {
  if (previous) previous.stage.drained();
  else sink.ready();
}

function* nodes({ head }: ChainState): Generator<Node> {
  for (let node = head; node; node = node.next) yield node;
}

const find = (state: ChainState, toxic: Toxic): Node | undefined =>
  nodes(state).find((node) => node.toxic === toxic);
