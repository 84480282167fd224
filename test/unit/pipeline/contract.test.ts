import { filledNote, parseFilledNote } from '../../../harness/model/calibration.ts';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROLES } from '../../../harness/design/roles.ts';
import { parseTelemetry, programFile, statsLine } from '../../../harness/pipeline/contract.ts';

test('every role has a program', () => {
  for (const { program } of ROLES) expect(existsSync(programFile(program))).toBe(true);
});

test('reads what a program writes', () => {
  expect(parseTelemetry('{"type":"ready","atEpochMs":1,"port":80}')).toEqual({
    type: 'ready',
    atEpochMs: 1,
    port: 80,
  });
  const line = statsLine(1, { bytesIn: 2, bytesInBy: { a: 1, b: 1 }, fill: 'black' });
  expect(line.counters).toEqual([
    { name: 'bytesIn', value: 2 },
    { name: 'bytesIn', link: 'a', value: 1 },
    { name: 'bytesIn', link: 'b', value: 1 },
  ]);
  expect(parseTelemetry(JSON.stringify({ ...line, x: 1 }))).toEqual(line);
  const strange = [...line.counters, { name: 'weather', value: 1 }, { name: 'bytesOut' }, null];
  expect(parseTelemetry(JSON.stringify({ ...line, counters: strange }))).toEqual(line);
  expect(
    parseTelemetry('{"type":"failed","atEpochMs":1,"code":"PORT_TAKEN","message":"m","hint":"h"}'),
  ).toEqual({ type: 'failed', atEpochMs: 1, code: 'PORT_TAKEN', message: 'm', hint: 'h' });
});

test('takes nothing else for telemetry', () => {
  for (const text of [
    '',
    '[]',
    'null',
    '{"type":"ready"}',
    '{"type":"failed","atEpochMs":1,"code":"X"}',
  ]) {
    expect(parseTelemetry(text)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => parseTelemetry(text)).not.toThrow();
    }),
  );
});

test('a note of a fill can be read back', () => {
  const filled = {
    fill: 'freeze',
    frames: 75,
    firstEpochMs: 1_000.5,
    lastEpochMs: 3_960.5,
  } as const;
  expect(parseFilledNote(filledNote(filled))).toEqual(filled);
  expect(parseFilledNote('connected to somewhere')).toBeUndefined();
});
