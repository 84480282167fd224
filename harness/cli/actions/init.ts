// `init`: a first scenario, and a design of one's own beside it, from flags or from questions.

import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ZodType } from 'zod';
import type { TextFile } from '../../exchange/format.ts';
import { makeFolders } from '../../kernel/makeFolders.ts';
import { badArgument } from '../../model/errors.ts';
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

type Wanted = Readonly<Record<'name' | 'title' | 'design' | 'for', string>>;

async function answers(argv: InitArguments): Promise<Wanted> {
  const asking = canAsk() && !argv.yes;
  const designs = Object.keys(findDesigns(join(argv.dir, 'scenario.yaml'))).toSorted();
  const questions: Readonly<Record<keyof Wanted, Question>> = {
    name: question('Short name of the window?', 'my-window', wrongFor(name(''))),
    title: question('One line for people?', 'Work on the access link', wrongFor(textField(''))),
    design: question('Which design to start from?', 'single-access', (text) =>
      designs.includes(text) ? undefined : unknownName('design', text, designs),
    ),
    for: question('How long does the work take?', '10m', wrongFor(span(''))),
  };
  const answer = async (key: keyof Wanted): Promise<string> =>
    argv[key] ?? (asking ? await ask(questions[key]) : questions[key].otherwise);
  return {
    name: await answer('name'),
    title: await answer('title'),
    design: await answer('design'),
    for: await answer('for'),
  };
}

const question = (
  words: string,
  otherwise: string,
  wrongWith: Question['wrongWith'],
): Question => ({
  question: words,
  otherwise,
  ...(wrongWith && { wrongWith }),
});

/** Holds an answer against the field of the file that it goes into. */
const wrongFor =
  (field: ZodType) =>
  (answer: string): string | undefined =>
    field.safeParse(answer).error?.issues[0]?.message;

/** Both are read back before they are written: what is wrong in the answers is said in their words. */
async function initFiles(
  { name, title, design, for: length }: Wanted,
  dir: string,
): Promise<TextFile[]> {
  const designs = findDesigns(join(dir, `${name}.yaml`));
  const from = Object.hasOwn(designs, design) ? designs[design] : undefined;
  if (!from)
    throw badArgument(
      '--design',
      `--design: ${unknownName('design', design, Object.keys(designs).toSorted())}`,
      '`ecran-noir list designs` says what each is',
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

async function write(files: readonly TextFile[]): Promise<void> {
  for (const { file, text } of files) {
    try {
      await makeFolders(dirname(file));
      await writeFile(file, text, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(file, error);
      throw badArgument(
        file,
        `${file} is there already`,
        'choose another --name, or another --dir',
      );
    }
  }
}
