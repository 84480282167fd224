// Says of viewers who imitate a player that they do, in every report.

import type { History } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import { sumUnmeasured } from './ledger.ts';
import type { SeenViewer } from './viewers.ts';

interface Imitated {
  readonly history: Pick<History, 'run'>;
  readonly beside: readonly SeenViewer[];
}

/** Says of each group of them that it is imitated, and how much of it is not known. */
export function imitatedFindings({ history, beside }: Imitated): Finding[] {
  const planned = history.run.viewers.filter(({ imitates }) => imitates !== undefined);
  const groups = Map.groupBy(planned, ({ group = 'the audience' }) => group);
  return [...groups].map(([group, members]) => {
    const ids = new Set(members.map(({ id }) => id));
    const own = beside.filter(({ result }) => ids.has(result.id)).map(({ result }) => result);
    const { share } = sumUnmeasured(own);
    const away = members.length - own.length;
    const unknown = `${(share * 100).toFixed(1)}% of their time is unmeasured`;
    const text = `${members.length} viewers of ${group} are imitated, not run: they ask as ${members[0]!.imitates} would, decode nothing, and are in no figure but those of their group; ${unknown}`;
    return {
      rule: 'imitated',
      verdict: 'pass',
      text: away > 0 ? `${text}, and ${away} never joined` : text,
    };
  });
}
