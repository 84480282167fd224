// Annotations of GitHub Actions: what is not well, at the file of its scenario.

import type { Suite } from '../../harness/model/suite.ts';

/** Workflow commands, one a line. Only their own signs are escaped; texts are on one line. */
export const renderAnnotations = ({ results, leftOut, findings }: Suite): string =>
  [
    ...results
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ key, file, verdict, attempts }) =>
        command(
          verdict === 'fail' ? 'error' : 'warning',
          { file, title: `${key}: ${verdict}` },
          attempts.at(-1)?.reasons.join('; ') ?? '',
        ),
      ),
    ...leftOut.map(({ key, reason }) => command('warning', { title: `${key}: left out` }, reason)),
    ...findings.map(({ verdict, rule, text }) =>
      command(verdict === 'fail' ? 'error' : 'warning', { title: rule }, text),
    ),
  ].join('\n');

function command(
  level: 'error' | 'warning',
  properties: Readonly<Record<string, string>>,
  text: string,
): string {
  const written = Object.entries(properties).map(
    ([name, value]) => `${name}=${escaped(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${level} ${written.join(',')}::${escaped(text)}`;
}

const escaped = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
