// The words of a command line: what is refused, what is meant, what a terminal gets to see.

import { describe, expect, test } from 'vitest';
import { takesCalibrating } from '../../../harness/cli/announce.ts';
import { takes } from '../../../harness/rehearsal/takes.ts';
import { badArguments, refuseTwice } from '../../../harness/cli/badArguments.ts';
import { COMMANDS } from '../../../harness/cli/commands.ts';
import { formatBeside } from '../../../harness/cli/knownFormat.ts';
import { wholeOption } from '../../../harness/cli/options.ts';
import { fit, forTerminal, writeLine } from '../../../harness/cli/terminal.ts';
import type { Plan } from '../../../harness/model/plan.ts';

describe('a number', () => {
  const { coerce } = wholeOption('seed', [0, 100], 'like 7');

  test.each([
    ['7', 7],
    [7, 7],
    ['1e2', 100],
  ])('%s is one', (word, value) => {
    expect(coerce(word)).toBe(value);
  });

  test.each(['foo', '', 'NaN', 'Infinity', '-1', '101', '1.5', '0x10', ' ', '1,5'])(
    '"%s" is refused in words',
    (word) => {
      expect(() => coerce(word)).toThrow(
        /^--seed .*expected a whole number from 0 to 100; like 7$/,
      );
    },
  );
});

test('an option is said once, and a list as often as wanted', () => {
  const words = (name: string) => [`--${name}`, 'a', `--${name}=b`];
  expect(() => refuseTwice({ design: 'a' }, words('design'))).toThrow('--design is there twice');
  for (const list of ['limit', 'capacity', 'expect'])
    expect(() => refuseTwice({ [list]: ['a', 'b'] }, words(list))).not.toThrow();
});

describe('what is wrong is named, with what was probably meant', () => {
  const said = (message: string, ...words: string[]) =>
    badArguments(message, { words, known: ['compress', 'quiet-minutes', 'runtime'] });

  test.each([
    [said('x', 'rnu'), /no command is called rnu; .*did you mean run\?/],
    [
      said('Unknown argument: compres', 'plan'),
      /^unknown option --compres; did you mean --compress\?$/,
    ],
    [
      said('Unknown arguments: quiet-mintes, quietMintes', 'run'),
      /^unknown option --quiet-mintes; did you mean --quiet-minutes\?$/,
    ],
    [
      said(
        'Invalid values:\n  Argument: runtime, Given: "dokcer", Choices: "auto", "processes"',
        'run',
      ),
      /^runtime dokcer: expected one of auto, processes$/,
    ],
    [said('name a command', '--runtim'), /^unknown option --runtim; did you mean --runtime\?$/],
    [said('name a command', '--runtime'), /^name a command$/],
    [
      said('Not enough non-option arguments: got 0, need at least 1', 'run', '--compres=3'),
      /^unknown option --compres; did you mean --compress\?$/,
    ],
    [
      said('Not enough non-option arguments: got 1, need at least 2', 'diff', 'runs/a'),
      /^missing <b>: ecran-noir diff <a> <b>$/,
    ],
    [
      said('Missing dependent arguments:\n fail-on -> baseline', 'test'),
      /^--fail-on needs --baseline$/,
    ],
    [
      said('Arguments on and shard are mutually exclusive', 'test'),
      /^--on and --shard exclude each other: leave one out$/,
    ],
    [said('Missing required arguments: join, token', 'viewers'), /^missing --join, --token$/],
    [said('Not enough arguments following: seed', 'run'), /^--seed: expected a value after it$/],
  ])('%s', (error, message) => {
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code: 'ARGUMENT_INVALID', exitCode: 64 });
  });

  test('a file in place of a command gets the command for it', () => {
    expect(said('x', 'my.yaml').hint).toContain('ecran-noir run my.yaml');
  });
});

test('a terminal gets colours, and nothing else that it obeys', () => {
  const red = '\u001b[31mred\u001b[39m';
  expect(forTerminal(`a\tb\n${red}`)).toBe(`a\tb\n${red}`);
  expect(forTerminal('\u001b]0;x\u0007\u001b[2J\u001b[8mhidden\u009b1A\r')).toBe(
    '\\u001b]0;x\\u0007\\u001b[2J\\u001b[8mhidden\\u009b1A\\u000d',
  );
});

test.each([
  ['a terminal', true, {}, 'red'],
  ['a pipe in a CI system', false, { CI: 'true' }, 'plain'],
  ['a pipe of somebody who asks for them', false, { FORCE_COLOR: '1' }, 'red'],
] as const)('%s takes colours or none', (_, isTTY, env, expected) => {
  const chunks: string[] = [];
  const stream = { isTTY, write: (text: string) => chunks.push(text) > 0 };
  writeLine(stream, '\u001b[31mred\u001b[39m', env);
  expect(chunks).toEqual([expected === 'red' ? '\u001b[31mred\u001b[39m\n' : 'red\n']);
});

test('a rehearsal takes at least its steady state and disruption, at most every deadline', () => {
  const scenario = { steady: { holdMs: 3_000, withinMs: 45_000 } };
  const plan = { scenario, disruptMs: 40_000, recoverWithinMs: 60_000 } as unknown as Plan;
  const { leastMs, mostMs } = takes(plan);
  expect(leastMs).toBeGreaterThanOrEqual(43_000);
  expect(mostMs).toBeGreaterThanOrEqual(145_000);
});

test('a calibration takes its losses, what is only watched, and the reading of a recording', () => {
  const losses = [
    { at: 'transcoder', kind: 'black', forMs: 1_000 },
    { at: 'delivery', kind: 'withheld', forMs: 14_000 },
  ] as const;
  const known = takesCalibrating({ losses: losses.slice(0, 1), quietMs: 60_000 });
  const screen = takesCalibrating({ losses, quietMs: 60_000, recorded: [6, 12] });
  expect(known.leastMs).toBeGreaterThanOrEqual(65_000);
  expect(screen.leastMs).toBeGreaterThanOrEqual(known.leastMs + 18_000);
  expect(screen.mostMs).toBeGreaterThanOrEqual(2 * screen.leastMs);
});

test('a word that is no option is called a word', () => {
  const known = ['json'];
  const { message } = badArguments('Unknown argument: extra', { words: ['list', 'extra'], known });
  expect(message).toBe('extra is a word too many');
});

test('a wrong value of an option is told as it is, whatever options there are', () => {
  const { message } = badArguments('--seed foo: expected a number', { words: ['run', '--seed'] });
  expect(message).toBe('--seed foo: expected a number');
});

test.each([
  ['harness/cli/main.ts', './terminal.ts', 'module-typescript'],
  ['harness/cli/main.js', './terminal.js', 'module'],
  ['node_modules/zod/index.js', './v4/classic/external.js', 'module'],
  ['node_modules/yaml/dist/index.js', './parse/cst.js', 'commonjs'],
  ['node_modules/yaml/browser/index.js', './dist/index.js', undefined],
  ['node_modules/ws/wrapper.mjs', './lib/receiver.js', undefined],
  ['harness/node.ts', '../package.json', undefined],
  ['node_modules/harness/x.js', './y.js', undefined],
])('the format that %s has for %s', (parent, specifier, format) => {
  const root = 'file:///somewhere/node_modules/ecran-noir/';
  expect(formatBeside(root + parent, specifier, root)).toBe(format);
});

test('every command is there, with its options', async () => {
  for (const { command, describe: what, load } of COMMANDS) {
    const { options } = await load();
    expect([command, typeof options]).toEqual([command, 'function']);
    expect(what).not.toBe('');
  }
}, 60_000);

describe('lines wider than the terminal', () => {
  test('go on below where their last column began', () => {
    expect(fit('  loss   Packet loss as TCP shows it', 22)).toBe(
      '  loss   Packet loss\n         as TCP shows\n         it',
    );
  });

  test('go on near the edge where little room is left for that column', () => {
    const line = '  scenarios/drills/loss.yaml  Packet loss as TCP shows it';
    expect(fit(line, 28)).toBe(
      '  scenarios/drills/loss.yaml\n    Packet loss as TCP shows\n    it',
    );
  });

  test('keep their colours, and words that are too long', () => {
    const red = '\u001b[31merror\u001b[39m';
    expect(fit(`${red} a-word-that-is-long and more`, 12)).toBe(
      `${red}\n  a-word-that-is-long\n  and more`,
    );
  });

  test.each(['│ a table of twenty cells │', 'short', ''])('leave %j as it is', (line) => {
    expect(fit(line, 12)).toBe(line);
  });

  test('stay whole where there is no terminal', () => {
    expect(fit('word '.repeat(100), Infinity)).toBe('word '.repeat(100));
  });
});
