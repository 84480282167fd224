// Another player in every browser of a scenario: laid over the data before it is checked, so that
// settings which the other player does not know are refused at their place.

import { DEFAULT_PLAYER, pagePlayers, PLAYERS } from '../../players/registry.ts';
import { HarnessError } from '../model/errors.ts';
import { unknownName } from './suggest.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import type { SourceFile } from './sourceFile.ts';

/**
 * The file as it reads with this player in its browsers; boxes and light viewers stay.
 * @throws HarnessError ARGUMENT_INVALID for a name that is no player of a browser, and for a file
 * without browsers.
 */
export function withPlayer(source: SourceFile, player: string): SourceFile {
  const known = Object.keys(pagePlayers(Object.keys(PLAYERS)));
  if (!known.includes(player))
    throw new HarnessError('ARGUMENT_INVALID', unknownName('player of a browser', player, known), {
      target: '--player',
      hint: '`ecran-noir list players` says what each is',
    });
  const data = isMapping(source.data) ? source.data : {};
  const { viewers = {} } = data;
  const groups: readonly unknown[] = Array.isArray(viewers) ? viewers : [viewers];
  if (!groups.some(isInBrowser))
    throw new HarnessError('ARGUMENT_INVALID', `${source.file} has no viewers in a browser`, {
      target: source.file,
      hint: 'leave the other player out for this file',
    });
  const changed = groups.map((group) => (isInBrowser(group) ? { ...group, player } : group));
  return { ...source, data: { ...data, viewers: Array.isArray(viewers) ? changed : changed[0] } };
}

/** A group whose player nobody knows is refused as it stands. */
function isInBrowser(group: unknown): group is Mapping {
  if (!isMapping(group)) return false;
  const { player = DEFAULT_PLAYER } = group;
  return typeof player === 'string' && Object.hasOwn(pagePlayers([player]), player);
}
