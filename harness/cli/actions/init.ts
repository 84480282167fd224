// `init`: a first scenario, and a design of one's own beside it, from flags or from questions.

import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ZodType } from 'zod';
import { makeFolders } from '../../kernel/makeFolders.ts';
import { HarnessError } from '../../model/errors.ts';
import { cannotWrite } from '../../run/recorder.ts';
import { name, span, text as textField } from '../../fields/fields.ts';
import { findDesigns, packagedScenarios, parseDesign, parseScenario } from '../../scenario/load.ts';
import { unknownName } from '../../scenario/suggest.ts';
import { ask, canAsk, type Question } from '../ask.ts';
import { print } from '../terminal.ts';
import type { InitArguments } from '../commands/init.ts';

export async function writeFirst(argv: InitArguments): Promise<void> {
  const wanted = await answers(argv);
  const files = await initFiles(wanted, argv.dir);
  await write(files);
  const [scenario = ''] = files.map(({ file }) => relative(process.cwd(), file));
  print(files.map(({ file }) => `wrote ${relative(process.cwd(), file)}`).join('\n'));
  print(`\nnext\n  ecran-noir plan ${scenario}\n  ecran-noir run ${scenario} --compress 10`);
}

interface Wanted {
  readonly name: string;
  readonly title: string;
  readonly design: string;
  readonly for: string;
}

async function answers(argv: InitArguments): Promise<Wanted> {
  const asking = canAsk() && !argv.yes;
  const designs = Object.keys(findDesigns(join(argv.dir, 'scenario.yaml'))).toSorted();
  const answer = async (given: string | undefined, question: Question) =>
    given ?? (asking ? await ask(question) : question.otherwise);
  return {
    name: await answer(argv.name, {
      question: 'Short name of the window?',
      otherwise: 'my-window',
      wrongWith: (text) => wrongFor(name(''), text),
    }),
    title: await answer(argv.title, {
      question: 'One line for people?',
      otherwise: 'Work on the access link',
      wrongWith: (text) => wrongFor(textField(''), text),
    }),
    design: await answer(argv.design, {
      question: 'Which design to start from?',
      otherwise: 'single-access',
      wrongWith: (text) =>
        designs.includes(text) ? undefined : unknownName('design', text, designs),
    }),
    for: await answer(argv.for, {
      question: 'How long does the work take?',
      otherwise: '10m',
      wrongWith: (text) => wrongFor(span(''), text),
    }),
  };
}

/** Holds an answer against the field of the file that it goes into. */
const wrongFor = (field: ZodType, answer: string): string | undefined =>
  field.safeParse(answer).error?.issues[0]?.message;

interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** Both are read back before they are written: what is wrong in the answers is said in their words. */
async function initFiles(
  { name, title, design, for: length }: Wanted,
  dir: string,
): Promise<NewFile[]> {
  const designs = findDesigns(join(dir, `${name}.yaml`));
  const from = Object.hasOwn(designs, design) ? designs[design] : undefined;
  if (!from)
    throw new HarnessError(
      'ARGUMENT_INVALID',
      `--design: ${unknownName('design', design, Object.keys(designs).toSorted())}`,
      { target: '--design', hint: '`ecran-noir list designs` says what each is' },
    );
  const own = `${name}-design`;
  const text = { scenario: join(dir, `${name}.yaml`), design: join(dir, 'designs', `${own}.yaml`) };
  const { text: base } = from;
  const links = parseDesign(base, from.file).links.map((link) => link.name);
  const designText = withSchema(base.replace(/^name: .*$/m, `name: ${own}`), 'design', text.design);
  const scenarioText = withSchema(
    makeScenario({ name, title, design: own, for: length }, links),
    'scenario',
    text.scenario,
  );
  const all = { ...designs, [own]: { text: designText, file: text.design } };
  parseScenario(scenarioText, text.scenario, all);
  return [
    { file: text.scenario, text: scenarioText },
    { file: text.design, text: designText },
  ];
}

const makeScenario = (
  { name, title, design, for: length }: Wanted,
  links: readonly string[],
): string =>
  `name: ${name}
title: ${JSON.stringify(title)}
kind: window
design: ${design} # designs/${design}.yaml: make it look like yours
viewers: { count: 4 }
windows:
  - name: work
    owner: access provider
    announced: { from: 0s, for: ${JSON.stringify(length)} }
    work: { at: 0s, for: ${JSON.stringify(length)}, links: [${links.join(', ')}], cut: drop }
expect:
  - p95(blackScreen) <= 2s
  - recovered == 100%
`;

/** Editors read the schema of the package. */
function withSchema(text: string, kind: string, file: string): string {
  const schema = relative(dirname(file), join(packagedScenarios(), `${kind}.schema.json`));
  const line = `# yaml-language-server: $schema=${schema}\n`;
  return line + text.replace(/^# yaml-language-server:.*\n/, '');
}

async function write(files: readonly NewFile[]): Promise<void> {
  for (const { file, text } of files) {
    try {
      await makeFolders(dirname(file));
      await writeFile(file, text, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(file, error);
      throw new HarnessError('ARGUMENT_INVALID', `${file} is there already`, {
        target: file,
        hint: 'choose another --name, or another --dir',
      });
    }
  }
}
