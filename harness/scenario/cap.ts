// Alerts by CAP 1.2 files: `cap:` names the message, or the message and what updates and ends it.
// They become alerts as a scenario writes them, before anything else looks at the file.

import { HarnessError } from '../model/errors.ts';
import { shape } from './shape.ts';
import { CAP_LISTS, CAP_ORDERS, capSchema, type CapMessage } from './capSchema.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { misplacedIn, readXml, type XmlRules } from './xmlSource.ts';

/** Gives the text of a file that a scenario names. */
export type ReadFile = (name: string) => string;

const RULES: XmlRules = {
  namespace: 'urn:oasis:names:tc:emergency:cap:1.2',
  ignored: ['http://www.w3.org/2000/09/xmldsig#'],
  root: 'alert',
  lists: CAP_LISTS,
};

/** Messages for the public have no megabyte of it. */
const CHARACTERS_MAX = 2_000_000;

export interface ReadCap {
  /** Undefined when there are problems. */
  readonly message: CapMessage | undefined;
  readonly problems: readonly Problem[];
  readonly source: SourceFile;
}

/** Reads one message and checks everything that concerns it alone. */
export function readCap(text: string, file: string): ReadCap {
  if (text.length > CHARACTERS_MAX) {
    const message = `expected a CAP message of at most ${CHARACTERS_MAX / 1e6} million characters`;
    const source = readXml('<alert/>', file, RULES);
    return {
      message: undefined,
      problems: [{ file, line: 1, column: 1, path: '', message }],
      source,
    };
  }
  const source = readXml(text, file, RULES);
  if (source.problems.length > 0) return { message: undefined, problems: source.problems, source };
  const { value, problems } = shape(capSchema, source);
  const all = [
    ...problems,
    ...misplacedIn(source, CAP_ORDERS),
    ...(value ? checkMessage(value, source) : []),
  ];
  return { message: all.length === 0 ? value : undefined, problems: all, source };
}

function checkMessage(message: CapMessage, source: SourceFile): Problem[] {
  const { msgType, status, scope, references, restriction, addresses, info = [] } = message;
  const wrong = (isWrong: boolean, path: Path, text: string) =>
    isWrong ? [source.problemAt(path, text)] : [];
  const callsItselfExercise = [info[0]?.event ?? '', message.note ?? ''].some((text) =>
    IS_EXERCISE.test(text),
  );
  return [
    ...wrong(
      ['Ack', 'Error'].includes(msgType),
      ['msgType'],
      'expected Alert, Update or Cancel: an answer between systems tells viewers nothing',
    ),
    ...wrong(
      ['System', 'Draft'].includes(status),
      ['status'],
      `expected Actual, Exercise or Test: ${status} is not for screens`,
    ),
    ...wrong(
      status === 'Actual' && callsItselfExercise,
      ['status'],
      'is Actual, and the message calls itself an exercise: expected Exercise',
    ),
    ...wrong(
      ['Update', 'Cancel'].includes(msgType) && references === undefined,
      [],
      `is missing: references; ${msgType} says which message it is about`,
    ),
    ...wrong(
      references !== undefined && !listReferences(references).every((one) => REFERENCE.test(one)),
      ['references'],
      'expected sender,identifier,sent of each message, with spaces between them',
    ),
    ...wrong(
      scope === 'Restricted' && restriction === undefined,
      [],
      'is missing: restriction, which scope Restricted needs',
    ),
    ...wrong(
      scope === 'Private' && addresses === undefined,
      [],
      'is missing: addresses, which scope Private needs',
    ),
    ...wrong(msgType !== 'Cancel' && info.length === 0, [], 'is missing: info'),
    ...info.flatMap(({ effective = message.sent, expires = '' }, i) =>
      wrong(
        Date.parse(expires) <= Date.parse(effective),
        ['info', i, 'expires'],
        `${expires} is not after ${effective}, when it takes effect`,
      ),
    ),
  ];
}

const listReferences = (references: string): readonly string[] => references.trim().split(/\s+/);

const IS_EXERCISE = /\bexerci[cs]e\b/i;
const REFERENCE = /^[^\s,]+,[^\s,]+,[^\s,]+$/;

/** The scenario with its CAP files read; problems in one point into it. */
export function withCapFiles(source: SourceFile, read: ReadFile | undefined): SourceFile {
  const alerts = valueAt(source.data, ['alerts']);
  if (!Array.isArray(alerts) || !isMapping(source.data)) return source;
  const problems: Problem[] = [];
  const expanded = alerts.map((alert: unknown, i) => {
    if (!isMapping(alert) || alert.cap === undefined) return alert;
    const { cap, ...said } = alert;
    const names = (Array.isArray(cap) ? cap : [cap]) as unknown[];
    const isNamed = names.length > 0 && names.every((name) => typeof name === 'string' && name);
    const found = isNamed
      ? readChain(names as string[], { source, path: ['alerts', i], read, said })
      : {
          problems: [
            source.problemAt(
              ['alerts', i, 'cap'],
              'expected the name of a file, or a list of names',
            ),
          ],
        };
    problems.push(...found.problems);
    return {
      ...PLACEHOLDER,
      id: `alert-${i + 1}`,
      ...('alert' in found ? found.alert : {}),
      ...said,
    };
  });
  return {
    ...source,
    data: { ...source.data, alerts: expanded },
    problems: [...source.problems, ...problems],
  };
}

/** Stands for what could not be read, and has been reported. */
const PLACEHOLDER = { at: '0s', end: '1s', severity: 'unknown', text: '-' };

interface Chain {
  readonly source: SourceFile;
  readonly path: Path;
  readonly read: ReadFile | undefined;
  /** Keys that stand beside `cap`. */
  readonly said: Mapping;
}

function readChain(
  names: readonly string[],
  chain: Chain,
): { problems: Problem[]; alert?: Mapping } {
  const { source, path, read, said } = chain;
  const at = (text: string) => source.problemAt([...path, 'cap'], text);
  if (!read) return { problems: [at('files are not read here: write the alert itself')] };
  const failures: Problem[] = [];
  const files = names.flatMap((name) => {
    try {
      return readCap(read(name), name);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      failures.push(at(error.message));
      return [];
    }
  });
  if (failures.length > 0) return { problems: failures };
  const problems = files.flatMap((one) => one.problems);
  const messages = files.flatMap(({ message }) => message ?? []);
  if (problems.length > 0) return { problems };
  const wrong = [...checkChain(files), ...checkSaid(said, messages, chain)];
  return wrong.length > 0 ? { problems: wrong } : { problems: [], alert: makeAlert(messages) };
}

/** The first is the alert; each other one is about one before it, and later. */
function checkChain(files: readonly ReadCap[]): Problem[] {
  return files.flatMap(({ message, source }, i) => {
    const { msgType, references = '', sent, identifier, sender } = message!;
    const before = files.slice(0, i).map((one) => one.message!);
    const wrong = (path: Path, text: string) => [source.problemAt(path, text)];
    if (i === 0)
      return msgType === 'Alert'
        ? []
        : wrong(
            ['msgType'],
            `expected Alert in the first file: ${msgType} is about a message that is not there`,
          );
    if (before.some((one) => one.identifier === identifier && one.sender === sender))
      return wrong(['identifier'], `two messages of ${sender} are called ${identifier}`);
    if (msgType === 'Alert')
      return wrong(['msgType'], 'expected Update or Cancel: another alert is an entry of its own');
    const known = before.map((one) => `${one.sender},${one.identifier},${one.sent}`);
    if (!listReferences(references).some((one) => known.includes(one)))
      return wrong(['references'], `names none of the messages before it: ${known.join(' ')}`);
    if (before.some(({ msgType: type }) => type === 'Cancel'))
      return wrong(['msgType'], 'the alert was cancelled before');
    const late = before.find((one) => Date.parse(one.sent) >= Date.parse(sent));
    return late
      ? wrong(['sent'], `${sent} is not after ${late.sent}: an old message that is played again`)
      : [];
  });
}

/** The scenario may say the carriage; of the rest the file is the truth. */
function checkSaid(
  said: Mapping,
  messages: readonly CapMessage[],
  { source, path }: Chain,
): Problem[] {
  const own = Object.keys(said).filter((key) => !['carriage', 'end', 'exercise'].includes(key));
  const isExercise = messages[0]?.status !== 'Actual';
  const mixed = messages.some(({ status }) => status !== messages[0]?.status);
  const problem = (key: string, text: string) => source.problemAt([...path, key], text);
  return [
    ...own.map((key) => source.problemAt([...path, key], `the CAP file says the ${key}`, 'key')),
    ...(said.exercise !== undefined && said.exercise !== isExercise
      ? [problem('exercise', `the CAP file has status ${messages[0]?.status}`)]
      : []),
    ...(mixed
      ? [problem('cap', 'its messages are of different status: an exercise stays one')]
      : []),
    ...(findEnd(messages) !== undefined && said.end !== undefined
      ? [problem('end', `the CAP file says the end, ${findEnd(messages)}: leave it out`)]
      : []),
    ...(findEnd(messages) === undefined && said.end === undefined
      ? [problem('cap', 'it neither expires nor is cancelled: say end')]
      : []),
  ];
}

function findEnd(messages: readonly CapMessage[]): string | undefined {
  const cancel = messages.find(({ msgType }) => msgType === 'Cancel');
  return cancel?.sent ?? messages.at(-1)?.info?.[0]?.expires;
}

function makeAlert(messages: readonly CapMessage[]): Mapping {
  const [first, ...others] = messages as [CapMessage, ...CapMessage[]];
  const end = findEnd(messages);
  const updates = others.filter(({ msgType }) => msgType === 'Update');
  const areas = first.info?.flatMap(({ area = [] }) => area) ?? [];
  const names = areas.flatMap(({ areaDesc, geocode = [] }) => [
    areaDesc,
    ...geocode.map(({ value }) => value),
  ]);
  return {
    id: first.identifier,
    at: first.sent,
    ...(updates.length > 0 && {
      update: updates.map((one) => ({ at: one.sent, text: readText(one) })),
    }),
    end,
    ...(names.length > 0 && { area: [...new Set(names.filter((name) => name.trim() !== ''))] }),
    severity: first.info?.[0]?.severity.toLowerCase(),
    text: readText(first),
    exercise: first.status !== 'Actual',
  };
}

/** The text that is shown: in the first language of the message. */
function readText({ info = [] }: CapMessage): string {
  const { event = '', headline = event, description, instruction } = info[0] ?? {};
  return [headline, description, instruction].filter((part) => part !== undefined).join(' ');
}
