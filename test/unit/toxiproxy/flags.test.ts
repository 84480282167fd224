import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../../harness/model/errors.ts';
import { parseFlags } from '../../../harness/toxiproxy/flags.ts';
import { createLog, parseLogLevel } from '../../../harness/toxiproxy/server/log.ts';

describe('flags of the server', () => {
  it('default as in the official server', () => {
    expect(parseFlags([])).toEqual({
      host: 'localhost',
      port: 8474,
      config: undefined,
      seed: undefined,
      runtimeMetrics: false,
      proxyMetrics: false,
      version: false,
      help: false,
      announce: false,
      endWithStdin: false,
    });
  });

  it('come with one dash or two, with a space or an equals sign', () => {
    const wanted = { host: '0.0.0.0', port: 0, config: 'c.json', seed: 7, proxyMetrics: true };
    expect(
      parseFlags([
        '-host',
        '0.0.0.0',
        '-port=0',
        '--config',
        'c.json',
        '--seed=7',
        '-proxy-metrics',
      ]),
    ).toMatchObject(wanted);
    expect(parseFlags(['-proxy-metrics=true', '-runtime-metrics=false'])).toMatchObject({
      proxyMetrics: true,
      runtimeMetrics: false,
    });
  });

  it('take a negative seed, as a 64-bit clock may give one', () => {
    expect(parseFlags(['-seed=-5']).seed).toBe(-5);
  });

  it.each([[['-port', 'x']], [['-port', '70000']], [['-port', '-1']], [['-nope']], [['stray']]])(
    'are refused when they make no sense: %s',
    (argv) => {
      expect(() => parseFlags(argv)).toThrow(HarnessError);
      expect(() => parseFlags(argv)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    },
  );
});

describe('LOG_LEVEL', () => {
  it('takes the names of the official server and falls back to info', () => {
    expect(parseLogLevel('WARNING')).toBe('warn');
    expect(parseLogLevel('trace')).toBe('trace');
    expect(parseLogLevel(undefined)).toBe('info');
    expect(parseLogLevel('loud')).toBe('info');
  });

  it('keeps what is below it out of the log', () => {
    const lines: string[] = [];
    const log = createLog('warn', (line) => lines.push(line));
    log('info', 'quiet');
    log('error', 'loud', { proxy: 'a' });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ level: 'error', message: 'loud', proxy: 'a' }),
    ]);
  });
});
