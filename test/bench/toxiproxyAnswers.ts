// Asks the official Toxiproxy server that TOXIPROXY_OFFICIAL names everything in toxiproxyCalls.ts,
// compares the embedded one with it, and records its answers for the test that runs without it.

import { writeFileSync } from 'node:fs';
import { startServer } from '../../harness/toxiproxy/server/server.ts';
import { API_SESSIONS } from '../support/toxiproxyCalls.ts';
import { askAll } from '../support/toxiproxyAsk.ts';
import { startOfficial } from './toxiproxy/program.ts';

const RECORDING = new URL('../integration/toxiproxy/official/answers.ndjson', import.meta.url);

export async function main(): Promise<void> {
  await using official = await startOfficial();
  if (!official) {
    process.stdout.write('nothing to compare with: TOXIPROXY_OFFICIAL names no server\n');
    return;
  }
  await using embedded = await startServer();
  const lines: string[] = [];
  let calls = 0;
  let equal = 0;
  for (const session of API_SESSIONS) {
    const theirs = await askAll(official.port, session);
    const ours = await askAll(embedded.port, session);
    calls += theirs.length;
    equal += theirs.filter((one, at) => JSON.stringify(one) === JSON.stringify(ours[at])).length;
    lines.push(
      JSON.stringify(
        theirs.map(({ status, body, contentType, location }) => [
          status,
          body,
          contentType,
          location,
        ]),
      ),
    );
  }
  writeFileSync(RECORDING, `${lines.join('\n')}\n`);
  process.stdout.write(`${official.version}: ${equal} of ${calls} answers are equal\n`);
}
