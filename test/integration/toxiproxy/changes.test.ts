import { describe, expect, it } from 'vitest';
import { playChanges } from '../../support/toxiproxyChanges.ts';
import { startApi } from './parties.ts';

const CHANGES = 2_000;

describe('random changes while four connections carry all they can', () => {
  it('are all answered, and no byte is lost, doubled or out of its place', async () => {
    await using api = await startApi({ seed: 1 });
    const report = await playChanges({ apiPort: api.port, changes: CHANGES, seed: 2 });
    expect(report.calls.length).toBeGreaterThanOrEqual(CHANGES);
    expect(report).toMatchObject({ failures: 0, wrong: 0, ended: 0, places: [] });
    expect(report.bytes).toBeGreaterThan(10e6);
  });
});
