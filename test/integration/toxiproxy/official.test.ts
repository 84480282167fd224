// The embedded server against what the official one answered to the same calls (recorded by
// `npm run bench toxiproxyAnswers`).

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { askAll } from '../../support/toxiproxyAsk.ts';
import { API_SESSIONS } from '../../support/toxiproxyCalls.ts';
import { startApi } from './parties.ts';

type Recorded = readonly [status: number, body: string, contentType: string, location: string];

const recorded = readFileSync(new URL('./official/answers.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as readonly Recorded[]);

describe('the API of the official server 2.12.0', () => {
  it('gives the same status, body, type and location to the same calls', async () => {
    expect(recorded).toHaveLength(API_SESSIONS.length);
    await using api = await startApi();
    for (const [at, session] of API_SESSIONS.entries()) {
      const ours = await askAll(api.port, session);
      const shown = ours.map((answer, index) => ({ asked: session[index], answer }));
      const theirs = (recorded[at] ?? []).map(([status, body, contentType, location], index) => ({
        asked: session[index],
        answer: { status, body, contentType, location },
      }));
      expect(shown).toEqual(theirs);
    }
  });
});
