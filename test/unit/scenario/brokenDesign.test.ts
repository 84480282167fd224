// A design whose shape is broken hides nothing else that is wrong.

import { describe, expect, test } from 'vitest';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { outcome } from '../../support/refusal.ts';

const SINGLE = designText('single-access').text;
const DUAL = designText('dual-access-bgp').text;
const HEAD = `name: minimal
title: A cut
kind: drill
design: it
expect: [recovered == 100%]
`;

const problemsOf = (read: () => unknown): readonly string[] =>
  outcome(read)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/^\S+ {2}/, ''));

const ofDesign = (text: string) => problemsOf(() => parseDesign(text, 'it.yaml'));
const ofFaults = (faults: string, design: string) =>
  problemsOf(() =>
    parseScenario(`${HEAD}faults: [${faults}]\n`, 's.yaml', {
      it: { text: design, file: 'it.yaml' },
    }),
  );

const replaced = (text: string, from: string | RegExp, to: string): string => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changed;
};
const broken = (text: string) => replaced(text, 'fps: 25', 'fps: many');
const fault = (what: string) => `{ name: f, at: 1s, for: 1m, ${what} }`;

describe('a design of a broken shape', () => {
  test.each([
    ['links: [connect-upp], cut: hold', /no link is called connect-upp; .*did you mean connect-up/],
    ['stages: [edg], crash: true', /no stage is called edg; .*did you mean edge/],
    ['links: [connect-up], channels: [x], cut: hold', /no channel is called x/],
  ])('lets %s be held against its names', (what, message) => {
    const problems = ofFaults(fault(what), broken(SINGLE));
    expect(problems).toContainEqual(expect.stringMatching(/^media\.fps: /));
    expect(problems).toContainEqual(expect.stringMatching(message));
  });

  test('lets paths be held against those of its accesses', () => {
    const problems = ofFaults(fault('paths: [nobody], down: silent'), broken(DUAL));
    expect(problems).toContainEqual(expect.stringMatching(/no path is called nobody/));
  });

  test('says nothing against names that it has', () => {
    const problems = ofFaults(fault('links: [connect-up], cut: hold'), broken(SINGLE));
    expect(problems).toEqual([expect.stringMatching(/^media\.fps: /)]);
  });

  test.each([
    ['stages', /stages:\n[^]*?(?=\nlinks:)/, 'stages: none'],
    ['links', /links:\n[^]*?(?=\n\S|$)/, 'links: none'],
  ])('says nothing of names where its %s are no mapping', (_what, from, to) => {
    const problems = ofFaults(
      `${fault('links: [connect-up], cut: hold')}, ${fault('stages: [edge], crash: true').replace('f,', 'g,')}`,
      replaced(SINGLE, from, to),
    );
    expect(problems.join('\n')).toMatch(/expected a mapping from name to/);
    expect(problems.join('\n')).not.toMatch(/no (?:link|stage) is called (?:connect-up|edge)/);
  });

  test('tells of links to stages that it does not have', () => {
    const problems = ofDesign(broken(replaced(SINGLE, /to: transcoder/, 'to: nowhere')));
    expect(problems).toContainEqual(expect.stringMatching(/no stage is called nowhere/));
    expect(problems).toContainEqual(expect.stringMatching(/^media\.fps: /));
  });
});

describe('a stage', () => {
  const withStage = (lines: string) => replaced(SINGLE, '\nlinks:', `\n  extra: ${lines}\nlinks:`);
  const ofStage = (lines: string) =>
    ofDesign(withStage(lines)).filter((problem) => problem.startsWith('stages.extra'));
  const place = 'zone: cloud, operator: o';

  test('with a mistyped role is held against the one that was meant', () => {
    const problems = ofStage(`{ role: orgin, ${place}, country: France, staleAftr: 3s }`);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/role: expected a stage with role: .*; did you mean origin\?/);
    expect(problems.join('\n')).toMatch(/country: /);
    expect(problems.join('\n')).toMatch(/unknown key staleAftr; did you mean staleAfter/);
  });

  test('with another role is told what no role allows', () => {
    const problems = ofStage(`{ role: cache, ${place}, country: FR, ttl: 3s, nonsense: 1 }`);
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).toMatch(/unknown key nonsense/);
    expect(problems.join('\n')).not.toMatch(/unknown key ttl/);
  });

  test('without a role that is right otherwise has one problem', () => {
    expect(ofStage(`{ ${place}, country: FR }`)).toHaveLength(1);
  });
});

test('a path of an unknown kind is told the rest of what is wrong with it', () => {
  const problems = ofDesign(replaced(DUAL, /kind: connection/, 'kind: conection\n        blub: 1'));
  expect(problems.join('\n')).toMatch(/unknown key blub/);
  expect(problems.join('\n')).toMatch(/expected a path with kind/);
});

test('a design written in the scenario is looked into as one of its own', () => {
  const inline = replaced(SINGLE, 'role: edge', 'role: egde\n    blub: 1').replace(
    /^(?=.)/gm,
    '  ',
  );
  const text = `${HEAD.replace('design: it', `design:\n${inline}`)}faults: [${fault('links: [upp], cut: hold')}]\n`;
  const problems = problemsOf(() => parseScenario(text, 's.yaml', {})).join('\n');
  expect(problems).toMatch(/did you mean edge\?/);
  expect(problems).toMatch(/unknown key blub/);
  expect(problems).toMatch(/no link is called upp/);
});
