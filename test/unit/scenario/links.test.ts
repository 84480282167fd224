// Links of a design: each is refused with its place, or stands for a connection that a run opens.

import { describe, expect, test } from 'vitest';
import { findHops } from '../../../harness/design/hops.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { outcome } from '../../support/refusal.ts';

const DESIGNS = ['single-access', 'dual-origin', 'two-pipelines', 'multi-edge'] as const;

/** The design with one link more. */
const withLink = (text: string, from: string, to: string): string =>
  text.replace(/^links:\n/m, `links:\n  odd-link: { from: ${from}, to: ${to} }\n`);

const refused = (text: string): string => outcome(() => parseDesign(text, 'd.yaml'));

describe.each(DESIGNS)('a link more in %s', (name) => {
  const text = designText(name).text;
  const stages = parseDesign(text, 'd.yaml').stages.map((stage) => stage.name);
  const pairs = stages.flatMap((from) => stages.map((to) => [from, to] as const));

  test.each(pairs)('%s -> %s is opened in a run, or refused where it stands', (from, to) => {
    const changed = withLink(text, from, to);
    const message = refused(changed);
    if (message === 'accepted') {
      const design = parseDesign(changed, 'd.yaml');
      expect(findHops(design).filter(({ link }) => link?.name === 'odd-link')).toHaveLength(1);
    } else expect(message).toMatch(/d\.yaml:\d+:\d+ {2}links\.[a-z-]+: /);
  });
});

describe('a link that goes nowhere is refused, and says how to mend it', () => {
  const text = designText('multi-edge').text;
  const steering = parseDesign(text, 'd.yaml').stages.find(({ role }) => role === 'steering')?.name;
  const line = text.split('\n').indexOf('links:') + 2;

  test('from a stage that steers, which has no link', () => {
    expect(refused(withLink(text, steering ?? '', 'playout'))).toContain(
      `d.yaml:${line}:13  links.odd-link: expected a link along playout -> transcoder -> origin -> ` +
        `edge, got ${steering} -> playout: ${steering} has the role steering, which asks its edges itself`,
    );
  });

  test('against the way of the picture', () => {
    expect(refused(withLink(designText('single-access').text, 'transcoder', 'playout'))).toContain(
      'got transcoder -> playout: write from: playout, to: transcoder',
    );
  });

  test('in a loop: the link that closes it, alone', () => {
    const loop = withLink(designText('dual-origin').text, 'edge', 'transcoder');
    expect(refused(loop)).toMatch(
      /^1 problem.*\n {2}d\.yaml:\d+:13 {2}links\.odd-link: .*got edge -> transcoder$/,
    );
  });

  test('by UDP, which no engine can carry yet', () => {
    const udp = designText('single-access').text.replace(
      /to: transcoder/,
      'to: transcoder, transport: udp',
    );
    expect(refused(udp)).toMatch(
      /^1 problem.*\n {2}d\.yaml:\d+:\d+ {2}links\.connect-up\.transport: expected transport: tcp: no engine can carry udp to a stage with role: transcoder yet, got udp$/,
    );
    const tcp = udp.replace('transport: udp', 'transport: tcp');
    expect(parseDesign(tcp, 'd.yaml').links[0]).toMatchObject({ transport: 'tcp' });
    expect(refused(udp.replace('udp', 'sctp'))).toMatch(/transport: expected one of tcp, udp, got/);
  });

  test('past a stage, to itself, or to one that is not there', () => {
    const one = designText('single-access').text;
    expect(refused(withLink(one, 'playout', 'origin'))).toContain('got playout -> origin');
    expect(refused(withLink(one, 'origin', 'origin'))).toContain('got origin -> origin');
    expect(refused(withLink(one, 'playout', 'transcodr'))).toMatch(
      /links\.odd-link\.to: no stage is called transcodr.*did you mean transcoder/,
    );
  });
});
