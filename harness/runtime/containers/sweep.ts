// Finds and removes what a dead harness left behind: containers and networks by their labels,
// temporary folders by the owner they carry. What a living harness uses is never touched.

import { HarnessError, errorMessage } from '../../model/errors.ts';
import { findOwnedFolders, removeOwnedFolder } from '../ownedFolder.ts';
import { parseOwner, ownerState, type Owner, type OwnerState } from '../owner.ts';
import { callEngine, untilItAnswers, type Engine } from './engine.ts';
import { LABEL } from './runNetwork.ts';

export interface Leftover {
  readonly kind: 'container' | 'network' | 'volume' | 'folder';
  /** The name for people: of the container, or the folder's path. */
  readonly name: string;
  readonly run: string | undefined;
  readonly owner: Owner;
  readonly state: OwnerState;
  remove(): Promise<void>;
}

export interface Swept {
  readonly removed: readonly Leftover[];
  readonly failed: readonly { readonly leftover: Leftover; readonly error: unknown }[];
}

const CALL_MS = 20_000;
/** A daemon that is restarted ends its containers first, and answers again after some seconds. */
const RESTARTED_WITHIN_MS = 30_000;
/** Networks and volumes can only go when nothing uses them any more. */
const ORDER = ['container', 'network', 'volume', 'folder'] as const;

/** Everything of ours that is there now, living or not. Without an engine: folders only. */
export async function findLeftovers(engine?: Engine): Promise<readonly Leftover[]> {
  const [onEngine, folders] = await Promise.all([
    engine ? findOnEngine(engine) : [],
    findOwnedFolders(),
  ]);
  const inTemp = folders.map((folder): Leftover => {
    const { path, owner, state } = folder;
    const remove = () => removeOwnedFolder(folder);
    return { kind: 'folder', name: path, run: undefined, owner, state, remove };
  });
  return [...onEngine, ...inTemp];
}

/** Removes what is dead, or what is in one of the states named. Never rejects over one of them. */
export async function sweepLeftovers(
  engine?: Engine,
  states: readonly OwnerState[] = ['dead'],
): Promise<Swept> {
  return removeAll((await findLeftovers(engine)).filter(({ state }) => states.includes(state)));
}

/**
 * Removes everything of one run of our own, once the engine answers: it may be being restarted.
 * Throws HEAL_FAILED naming what is left there.
 */
export async function sweepRun(
  engine: Engine,
  runId: string,
  answersWithinMs = RESTARTED_WITHIN_MS,
): Promise<void> {
  const left = (message: string, cause: unknown) =>
    new HarnessError('HEAL_FAILED', message, {
      target: runId,
      hint: '`ecran-noir clean` removes it once the engine answers; the next run does, too',
      cause,
    });
  const found = await untilItAnswers(engine, answersWithinMs)
    .then(() => findOnEngine(engine))
    .catch((error: unknown) => {
      throw left(`left on the engine, all of the run: ${errorMessage(error)}`, error);
    });
  const { failed } = await removeAll(found.filter(({ run }) => run === runId));
  const names = failed.map(({ leftover: { kind, name } }) => `${kind} ${name}`);
  if (failed.length > 0) throw left(`left on the engine: ${names.join(', ')}`, failed[0]?.error);
}

async function removeAll(found: readonly Leftover[]): Promise<Swept> {
  const removed: Leftover[] = [];
  const failed: { leftover: Leftover; error: unknown }[] = [];
  for (const kind of ORDER) {
    const ofKind = found.filter((leftover) => leftover.kind === kind);
    const results = await Promise.allSettled(ofKind.map((leftover) => leftover.remove()));
    results.forEach((result, index) => {
      const leftover = ofKind[index];
      if (!leftover) return;
      if (result.status === 'fulfilled') removed.push(leftover);
      else failed.push({ leftover, error: result.reason as unknown });
    });
  }
  return { removed, failed };
}

async function findOnEngine(engine: Engine): Promise<readonly Leftover[]> {
  const filters = JSON.stringify({ label: [LABEL.owner] });
  const [containers, networks, volumes] = await callEngine(
    'the list of what is ours',
    CALL_MS,
    () =>
      Promise.all([
        engine.api.listContainers({ all: true, filters }),
        engine.api.listNetworks({ filters }),
        engine.api.listVolumes({ filters }),
      ]),
  );
  const found = await Promise.all([
    ...containers.map(({ Id, Names, Labels }) => {
      const name = Names[0]?.replace(/^\//, '') ?? Id;
      const remove = () => engine.api.getContainer(Id).remove({ force: true, v: true });
      return leftover(engine, { kind: 'container', name, labels: Labels, remove });
    }),
    ...networks.map(({ Id, Name, Labels }) => {
      const remove = () => engine.api.getNetwork(Id).remove() as Promise<unknown>;
      return leftover(engine, { kind: 'network', name: Name, labels: Labels ?? {}, remove });
    }),
    ...volumes.Volumes.map(({ Name, Labels }) => {
      const remove = () => engine.api.getVolume(Name).remove() as Promise<unknown>;
      return leftover(engine, { kind: 'volume', name: Name, labels: Labels, remove });
    }),
  ]);
  return found.filter((one) => one !== undefined);
}

interface Labelled {
  readonly kind: 'container' | 'network' | 'volume';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly remove: () => Promise<unknown>;
}

async function leftover(
  engine: Engine,
  { kind, name, labels, remove }: Labelled,
): Promise<Leftover | undefined> {
  const owner = parseOwner(labels[LABEL.owner]);
  if (!owner) return undefined;
  // Loopback: the engine is this machine's, and so is everybody who uses it.
  const state = await ownerState(owner, { shared: engine.publishOn !== '127.0.0.1' });
  return {
    kind,
    name,
    owner,
    state,
    run: labels[LABEL.run],
    remove: () =>
      callEngine(`${name} to be removed`, CALL_MS, remove).then(() => undefined, ifGone),
  };
}

/** Gone already, or being removed by somebody else: well gone. */
function ifGone(error: { cause?: { statusCode?: number } }): void {
  if (![404, 409].includes(error.cause?.statusCode ?? 0)) throw error as unknown;
}
