import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseOwner,
  startTimeOfStat,
  ownerState,
  thisOwner,
  type Owner,
} from '../../../harness/runtime/owner.ts';

/** Above every pid_max of Linux: there is no such process. */
const NOBODY = 2 ** 22 + 1;

describe('an owner', () => {
  it('is alive while its process is', async () => {
    expect(await ownerState(await thisOwner())).toBe('alive');
  });

  it('is dead when its process is gone', async () => {
    expect(await ownerState({ ...(await thisOwner()), pid: NOBODY })).toBe('dead');
  });

  it('is dead when another process has its number now', async () => {
    expect(await ownerState({ ...(await thisOwner()), startTime: '1' })).toBe('dead');
  });

  it('is dead after the machine was booted again', async () => {
    expect(await ownerState({ ...(await thisOwner()), boot: 'an earlier one' })).toBe('dead');
  });

  it('may be of another machine of the same name on an engine that is shared', async () => {
    const owner = { ...(await thisOwner()), boot: 'its own' };
    expect(await ownerState(owner, { shared: true })).toBe('elsewhere');
  });

  it('on another machine or in another container is none of our business', async () => {
    const me = await thisOwner();
    expect(await ownerState({ ...me, host: 'another' })).toBe('elsewhere');
    expect(await ownerState({ ...me, space: 'pid:[1]' })).toBe('elsewhere');
  });
});

describe('an owner in a label', () => {
  it('reads back as it was written', () => {
    const text = fc.string();
    const owners: fc.Arbitrary<Owner> = fc.record({
      host: text,
      boot: text,
      space: text,
      pid: fc.nat(),
      startTime: text,
    });
    fc.assert(
      fc.property(owners, (owner) => {
        expect(parseOwner(JSON.stringify(owner))).toEqual(owner);
      }),
    );
  });

  it('is undefined for anything else, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseOwner(JSON.stringify(value))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseOwner(text)));
    expect(parseOwner(undefined)).toBeUndefined();
  });
});

describe('the start of a process', () => {
  const after = (state: string) =>
    `${state} ${Array.from({ length: 49 }, (_, n) => n + 4).join(' ')}`;

  it('is field 22, whatever the program is called', () => {
    expect(startTimeOfStat(`7 (node) ${after('S')}`)).toBe('22');
    expect(startTimeOfStat(`7 (a ) b (c)) ${after('R')}`)).toBe('22');
  });

  it('is nothing for a zombie, or where there is no process', () => {
    expect(startTimeOfStat(`7 (node) ${after('Z')}`)).toBe('');
    expect(startTimeOfStat('')).toBe('');
  });
});
