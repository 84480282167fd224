import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { StageLaunch } from '../../../harness/model/world.ts';
import { pathInImage, ROOT } from '../../../harness/runtime/containers/buildContext.ts';
import { engineLimits } from '../../../harness/runtime/containers/closedOff.ts';
import { toAlias } from '../../../harness/runtime/containers/containerSpec.ts';
import {
  aheadMs,
  clockProblem,
  asEngineError,
  engineMissing,
  reachEngine,
  textOfLog,
} from '../../../harness/runtime/containers/engine.ts';
import { buildError } from '../../../harness/runtime/containers/imageBuild.ts';
import { addressIn } from '../../../harness/runtime/containers/runNetwork.ts';
import { isOfficial } from '../../../harness/runtime/containers/toxiproxy.ts';
import { knownCause, describeExit } from '../../../harness/runtime/containers/stageLife.ts';
import { chooseRuntime } from '../../../harness/runtime/select.ts';

const never = new AbortController().signal;

describe('the choice of a runtime', () => {
  const answers = () => Promise.resolve({ version: '28.0 (linux/amd64)', canLimit: true });
  const refuses = () => Promise.reject(new HarnessError('ENGINE_UNAVAILABLE', 'no engine'));

  it('is containers where an engine answers, and says which', async () => {
    expect(await chooseRuntime('auto', never, answers)).toEqual({
      kind: 'containers',
      reason: 'engine 28.0 (linux/amd64) answers',
      canLimit: true,
    });
  });

  it('says when the engine has no control groups', async () => {
    const rootless = () => Promise.resolve({ version: '28.0', canLimit: false });
    expect(await chooseRuntime('containers', never, rootless)).toMatchObject({
      canLimit: false,
    });
  });

  it('is processes where none does, and says why', async () => {
    expect(await chooseRuntime('auto', never, refuses)).toEqual({
      kind: 'processes',
      reason: 'no engine',
      canLimit: false,
    });
  });

  it('asks no engine when processes were asked for', async () => {
    expect((await chooseRuntime('processes', never, refuses)).kind).toBe('processes');
  });

  it('fails when containers were asked for and there is no engine', async () => {
    await expect(chooseRuntime('containers', never, refuses)).rejects.toThrow('no engine');
  });
});

describe('the clock of an engine', () => {
  it.each([
    ['2026-01-01T00:00:03.5Z', 2_500],
    ['2025-12-31T23:59:50.000000001Z', -10_000],
    ['2026-01-01T00:00:00.7Z', 0],
    [undefined, 0],
  ])('that says %s when asked at midnight, for a second, is %d ms ahead', (theirs, ms) => {
    const askedAtMs = Date.parse('2026-01-01T00:00:00Z');
    expect(aheadMs(theirs, { askedAtMs, answeredAtMs: askedAtMs + 1_000 })).toBe(ms);
  });

  it.each([
    [3_210, "its clock is 3.2 s ahead of this machine's"],
    [-60_000, "its clock is 60.0 s behind this machine's"],
    [400, undefined],
    [0, undefined],
  ])('that is %d ms ahead: %s', (clockAheadMs, problem) => {
    expect(clockProblem({ clockAheadMs })).toBe(problem);
  });
});

describe('where published ports are reached', () => {
  const yes = () => Promise.resolve(true);
  const no = () => Promise.resolve(false);

  it('is loopback when the engine is this machine', async () => {
    const loopback = { publishOn: '127.0.0.1', reachedAt: '127.0.0.1' };
    expect(await reachEngine('localhost', no)).toEqual(loopback);
    expect(await reachEngine('172.17.0.1', yes)).toEqual(loopback);
  });

  it('is the gateway, and nothing else, when we are in a container ourselves', async () => {
    expect(await reachEngine('172.17.0.1', no)).toEqual({
      publishOn: '172.17.0.1',
      reachedAt: '172.17.0.1',
    });
  });

  it('is every interface of an engine elsewhere', async () => {
    expect(await reachEngine('engine.example', no)).toEqual({
      publishOn: '0.0.0.0',
      reachedAt: 'engine.example',
    });
  });
});

describe('errors of the engine', () => {
  const meaning = (message: string) => asEngineError(new Error(message), 'origin', 'STAGE_FAILED');

  it('become ours, with a code and a hint', () => {
    expect(meaning('write /x: no space left on device')).toMatchObject({ code: 'CANNOT_WRITE' });
    expect(meaning('Bind for 127.0.0.1:80 failed: port is already allocated').code).toBe(
      'PORT_TAKEN',
    );
    expect(meaning('connect ECONNREFUSED /var/run/docker.sock').code).toBe('ENGINE_UNAVAILABLE');
    expect(meaning('could not find an available, non-overlapping IPv4 address pool').hint).toMatch(
      'ecran-noir clean',
    );
  });

  it('of an engine that is not there say what to do, case by case', () => {
    const hint = (problem?: string) => engineMissing('/var/run/docker.sock', problem).hint;
    expect(hint('EACCES')).toMatch('group that owns the socket');
    expect(hint('ENOENT')).toMatch('start Docker');
    expect(hint('ECONNREFUSED')).toMatch('docker version');
    expect(hint()).toMatch('--runtime processes');
  });

  it('that nobody knows keep their words and get the code of the occasion', () => {
    expect(meaning('something new\nwith details')).toMatchObject({
      code: 'STAGE_FAILED',
      message: 'origin: something new',
    });
  });

  it('that are ours already stay as they are', () => {
    const error = new HarnessError('PORT_TAKEN', 'x');
    expect(asEngineError(error, 'origin', 'STAGE_FAILED')).toBe(error);
  });
});

describe('the official image of Toxiproxy', () => {
  it('is known by its name, from whichever registry it came', () => {
    expect(isOfficial('shopify/toxiproxy:2.12.0')).toBe(true);
    expect(isOfficial('registry.example:5000/mirror/shopify/toxiproxy:2.12.0')).toBe(true);
    expect(isOfficial('registry.example/notshopify/toxiproxy:2.12.0')).toBe(false);
    expect(isOfficial('shopify/toxiproxy:2.1.4')).toBe(false);
  });
});

describe('a build that fails', () => {
  it('shows its last lines and what to do about them', () => {
    const error = buildError('ecran-noir-stage:1', new Error('returned a non-zero code: 100'), [
      'Step 5/9 : RUN apt-get update',
      'Err:1 Temporary failure resolving',
    ]);
    expect(error.code).toBe('IMAGE_BUILD_FAILED');
    expect(error.message).toMatch('Err:1 Temporary failure resolving');
    expect(error.hint).toMatch('package mirrors');
  });

  it('for want of a registry names the page that helps', () => {
    const error = buildError(
      'ecran-noir-stage:1',
      new Error('Get "https://registry/v2/": no such host'),
      [],
    );
    expect(error.hint).toMatch('docs/containers.md');
  });

  it('for want of room says so', () => {
    const error = buildError('ecran-noir-stage:1', new Error('exit 1'), [
      'no space left on device',
    ]);
    expect(error.hint).toMatch('disk is full');
    expect(error.code).toBe('CANNOT_WRITE');
  });
});

describe('names, addresses and limits', () => {
  it('gives a stage a name that no DNS outside is asked for', () => {
    expect(toAlias('transcoder.one')).toBe('transcoder-one');
    expect(toAlias('Playout.Chaîne 1')).toBe('playout-cha-ne-1');
  });

  it('counts addresses from the start of a range', () => {
    expect(addressIn('198.19.3.0/24', 10)).toBe('198.19.3.10');
    expect(addressIn('10.0.0.0/16', 300)).toBe('10.0.1.44');
    expect(() => addressIn('198.19.3.0/24', 255)).toThrow('no address');
  });

  it('asks for no more cores than there are, and never for swap', () => {
    expect(engineLimits({ memoryMb: 64, cpus: 8 }, 2)).toEqual({
      Memory: 64 * 2 ** 20,
      MemorySwap: 64 * 2 ** 20,
      NanoCpus: 2e9,
    });
    expect(engineLimits({ memoryMb: 64 }, 2).NanoCpus).toBe(0);
  });

  it('knows where a program of ours is in an image', () => {
    expect(pathInImage(`${ROOT}harness/pipeline/programs/edge.ts`)).toBe(
      '/opt/ecran-noir/harness/pipeline/programs/edge.ts',
    );
  });

  it('reads what a container said out of the frames of the log call', () => {
    const frame = (text: string) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(Buffer.byteLength(text), 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    expect(textOfLog(Buffer.concat([frame('one '), frame('two\n')]))).toBe('one two');
    expect(textOfLog(Buffer.alloc(0))).toBe('');
  });
});

describe('the end of a stage', () => {
  const launch = {
    stage: { role: 'edge', resources: { memoryMb: 64 } },
  } as unknown as StageLaunch;

  it('is told apart by its cause', () => {
    expect(describeExit(launch, { code: 3, outOfMemory: false })).toBe('ended with code 3');
    expect(describeExit(launch, { code: 137, outOfMemory: true })).toBe(
      'was killed for memory (limit 64 MB)',
    );
    expect(describeExit(launch, { code: null, outOfMemory: false })).toMatch('engine');
  });

  it('is blamed on the limit or on the engine, and on nothing else', () => {
    expect(knownCause(launch, { code: 137, outOfMemory: true })).toMatchObject({
      code: 'STAGE_FAILED',
      hint: expect.stringContaining('resources: { memory') as string,
    });
    expect(knownCause(launch, { code: null, outOfMemory: false })).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      hint: expect.stringContaining('ecran-noir clean') as string,
    });
    expect(knownCause(launch, { code: 137, outOfMemory: false })).toBeUndefined();
  });
});
