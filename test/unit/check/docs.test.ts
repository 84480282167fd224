import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import { makeCheckInput } from '../../../harness/check/fromScenario.ts';
import { renderCheckConsole } from '../../../reports/check.ts';
import { readChangePlan } from '../../../harness/check/changePlan/readChangePlan.ts';
import { readCalendar } from '../../../harness/check/notices/formats/calendar.ts';
import { RULES } from '../../../harness/check/registry.ts';
import {
  parseDesign,
  parseScenario,
  findDesigns,
  packagedScenarios,
} from '../../../harness/scenario/load.ts';

const root = join(packagedScenarios(), '..');
const page = (name: string) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
const yamlOf = (text: string) => /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';

describe('README.md', () => {
  it('shows of the check of the night what it says', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, file = '', shown = ''] =
      /^\$ npx ecran-noir check (\S+)\n([^]*?)^```/m.exec(readme) ?? [];
    const path = join(root, file);
    const night = parseScenario(readFileSync(path, 'utf8'), file, findDesigns(path));
    const said = renderCheckConsole(check(makeCheckInput(night, { nowEpochMs: undefined })), {
      columns: 100,
      colours: false,
    });
    const lines = shown.split('\n').filter((line) => line !== '…');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !said.includes(line))).toEqual([]);
  });
});

describe('docs/check.md', () => {
  it('has a paragraph on every rule and on no other', () => {
    const rules = page('check').split('## Rules')[1]?.split('## Adding a rule')[0] ?? '';
    const headings = [...rules.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(RULES.map(({ name }) => name));
  });

  it('shows a change plan that can be read', async () => {
    const designs = findDesigns(join(root, 'scenarios', 'changes', 'x.yaml'));
    const text = yamlOf(page('check'));
    const calendar = readFileSync(
      join(root, 'scenarios', 'changes', 'carrier-notices.ics'),
      'utf8',
    );
    const name = 'carrier-notices.ics';
    const calendars = { [name]: readCalendar(calendar, name) };
    const input = readChangePlan({
      text,
      file: 'x.yaml',
      designs,
      calendars,
      nowEpochMs: undefined,
    });
    expect(input.windows.length).toBeGreaterThan(2);
  });
});

describe('docs/routing.md', () => {
  it('shows an access that a design can have', async () => {
    const designs = findDesigns(join(root, 'scenarios', 'changes', 'x.yaml'));
    const design = designs['single-access']?.text ?? '';
    const rest =
      'device: gateway\n        location: internet\n        operator: internet provider\n        country: FR\n        bfd: {}';
    const access = yamlOf(page('routing')).replace('# device, location … as above', rest);
    const { accesses } = parseDesign(`${design}\n${access}`, 'single-access.yaml');
    expect(accesses?.[0]?.paths.map(({ kind }) => kind)).toEqual(['connection', 'vpn']);
    expect(accesses?.[0]?.paths[0]).toMatchObject({
      circuits: ['dxcon-ff12ab34'],
      preference: 200,
    });
  });
});
