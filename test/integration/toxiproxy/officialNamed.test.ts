import { afterEach, describe, expect, it, vi } from 'vitest';
import { startOfficial } from '../../bench/toxiproxy/program.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the official server that TOXIPROXY_OFFICIAL names', () => {
  it.each([
    { what: 'another program', program: process.execPath },
    { what: 'no program', program: '/nowhere/toxiproxy-server' },
    { what: 'a folder', program: import.meta.dirname },
  ])('is refused with one error where it is $what', async ({ program }) => {
    vi.stubEnv('TOXIPROXY_OFFICIAL', program);
    await expect(startOfficial()).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      message: expect.stringContaining('no Toxiproxy server') as string,
    });
  });

  it('is none where nothing is named', async () => {
    vi.stubEnv('TOXIPROXY_OFFICIAL', '');
    expect(await startOfficial()).toBeUndefined();
  });
});
