// Chooses a path among those that the routers believe in.

import type { AccessPath } from '../model/access.ts';
import type { PathCondition } from './condition.ts';

/** One path at one moment, as far as the choice is concerned. */
export interface Candidate {
  readonly index: number;
  readonly path: AccessPath;
  readonly believed: boolean;
  readonly demoted: boolean;
  readonly condition: PathCondition;
  /** It came back lately and is left alone until then. */
  readonly heldUntilMs: number;
}

/**
 * The best of those believed in. A path in hold-down is passed over while another one is there;
 * the path in use is never left on account of its own hold-down.
 */
export function choose(
  candidates: readonly Candidate[],
  installed: number | undefined,
  atMs: number,
): number | undefined {
  const believed = candidates.filter((candidate) => candidate.believed);
  const free = believed.filter(
    ({ index, heldUntilMs }) => heldUntilMs <= atMs || index === installed,
  );
  return (free.length > 0 ? free : believed).toSorted(compare)[0]?.index;
}

/** Negative when `a` is preferred: not demoted, then preference, then not prepended, then as written. */
const compare = (a: Candidate, b: Candidate): number =>
  Number(isLastResort(a)) - Number(isLastResort(b)) ||
  b.path.preference - a.path.preference ||
  Number(isPrepended(a)) - Number(isPrepended(b)) ||
  a.index - b.index;

/** Graceful shutdown sets the preference to 0 (RFC 8326); a probe does the same. */
const isLastResort = ({ demoted, condition }: Candidate): boolean =>
  demoted || condition.drains.has('graceful-shutdown');

/** A longer AS path is looked at only among equal preferences: RFC 4271, 9.1.2.2. */
const isPrepended = ({ condition }: Candidate): boolean => condition.drains.has('prepend');
