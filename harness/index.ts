// The harness as a library: the steps of the command line, from TypeScript. A scenario is read (or
// built by hand), planned, rehearsed, and judged from its journal.

export * from './model/errors.ts';
export type * from './model/history.ts';
export type * from './model/plan.ts';
export type * from './model/report.ts';
export type * from './model/scenario.ts';
export type * from './model/world.ts';
export { loadScenario, parseScenario } from './scenario/load.ts';
export { plan } from './scenario/plan.ts';
export { printPlan } from './scenario/printPlan.ts';
export { describeViewers } from './scenario/audience.ts';
export { createRecorder } from './run/recorder.ts';
export type * from './run/request.ts';
export { run } from './run/runner.ts';
export { calibrate } from './rehearsal/calibrate.ts';
export { calibrateScreen } from './rehearsal/calibrateScreen.ts';
export { playComparison, plansToCompare, writeComparison } from './rehearsal/compare.ts';
export { rehearse } from './rehearsal/rehearse.ts';
export { simulateRehearsal } from './rehearsal/simulate.ts';
export type { SuiteConfig } from './rehearsal/suite/config.ts';
export { settingFor } from './rehearsal/setting.ts';
export { watchStream } from './rehearsal/watchStream.ts';
export { judgeFolder, writeReports } from './rehearsal/writeReports.ts';
export { readHistory } from './measure/readHistory.ts';
export { judge } from './measure/judge.ts';
export { check } from './check/check.ts';
export { readCheckInput, readNoticeInput } from './check/readCheckInput.ts';
export { readNotices } from './check/notices/readNotices.ts';
export { route } from './routing/route.ts';
export { connectToxiproxy, startEmbeddedToxiproxy } from './toxiproxy/adapter.ts';
export { FILE_REPORTS } from '../reports/registry.ts';
