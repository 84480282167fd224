// The example of the README, word for word but for the name of the package.

import { loadScenario, plan, printPlan, rehearse, settingFor } from '../../harness/index.ts';

const scenario = await loadScenario('my.yaml', { design: 'dual-access-bfd' });
const night = plan(scenario, { compress: 60, seed: scenario.seed });
console.log(printPlan(night));
const { signal } = new AbortController();
const setting = await settingFor({ out: 'runs', runtime: 'processes' }, signal);
const { report, files } = await rehearse(night, { setting }, signal);
console.log(report.verdict, files);
