// The files of a run and of a suite that others may have brought: a regular file, JSON, and in it
// what whoever reads it goes by.

import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { HarnessError, errorMessage } from '../model/errors.ts';
import type { Report } from '../model/report.ts';

const VERDICT = z.enum(['pass', 'fail', 'inconclusive']);
const word = z.string();
const ms = z.number();
const estimate = z.looseObject({ blackScreenMs: ms, programmeLossMs: ms });
const summary = z.looseObject({ p50: ms, p95: ms.optional(), max: ms });
const ledger = z.record(word, ms);

const viewer = z.looseObject({
  id: word,
  control: z.boolean(),
  sessionMs: ms,
  ledger,
  blackScreenMs: ms,
  programmeLossMs: ms,
  atMost: estimate,
  interruptions: z.array(z.looseObject({ fromMs: ms, toMs: ms, glitch: z.boolean() })),
  recovered: z.boolean(),
});

const reportShape = z.looseObject({
  verdict: VERDICT,
  run: z.looseObject({
    id: word,
    scenario: word,
    title: word,
    engine: word,
    startedAt: z.iso.datetime(),
    endedAtMs: ms,
    compress: ms,
    seed: ms,
    harness: word,
    environment: z.looseObject({}),
  }),
  findings: z.array(z.looseObject({ rule: word, verdict: VERDICT, text: word })),
  expectations: z.array(z.looseObject({ text: word, verdict: VERDICT, observed: word })),
  margin: z.looseObject({ ms }),
  viewers: z.array(viewer),
  audience: z.looseObject({
    viewers: ms,
    interrupted: ms,
    blackScreenMs: summary,
    programmeLossMs: summary,
    atMost: z.looseObject({ blackScreenMs: summary, programmeLossMs: summary }),
    ledger,
  }),
  ...Object.fromEntries(
    ['phases', 'faults', 'lanes', 'screenshots', 'sources', 'assumptions'].map((list) => [
      list,
      z.array(z.unknown()),
    ]),
  ),
});

const REJUDGED = 'write it again from the journal: ecran-noir report DIR';

/** Reads the report.json of a run. Throws RECORD_UNREADABLE. */
export const readStoredReport = (file: string, hint = REJUDGED): Report =>
  readStored(file, reportShape, hint) as unknown as Report;

/** Throws RECORD_UNREADABLE with the first mistake. */
export function readStored<S extends z.ZodType>(file: string, shape: S, hint: string): z.infer<S> {
  try {
    // A pipe would be waited for.
    if (!statSync(file).isFile()) throw new Error('it is no regular file');
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const said = error instanceof z.ZodError ? describeFirst(error) : errorMessage(error);
    const message = `cannot read ${file}: ${said}`;
    throw new HarnessError('RECORD_UNREADABLE', message, { target: file, hint, cause: error });
  }
}

const describeFirst = ({ issues: [first] }: z.ZodError): string =>
  first
    ? `${first.path.join('.')}: ${first.message.replace(/received undefined$/, 'and it is missing')}`
    : '';
