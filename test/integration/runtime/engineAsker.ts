// Says which runtime `auto` takes here, for tests that give it another DOCKER_HOST.

import { chooseRuntime } from '../../../harness/runtime/select.ts';

const choice = await chooseRuntime('auto', new AbortController().signal);
process.stdout.write(JSON.stringify(choice));
process.exit();
