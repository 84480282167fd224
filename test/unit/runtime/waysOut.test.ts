// The rules that keep a container in, by an engine that only remembers which it was given.

import { expect, it } from 'vitest';
import { closeWaysOut, type WaysOut } from '../../../harness/runtime/containers/networkCut.ts';

async function rulesFor(ways: WaysOut): Promise<readonly string[]> {
  let rules = '';
  const api = {
    createContainer: async ({ Cmd }: { readonly Cmd: readonly string[] }) => {
      rules = Cmd.join('\n');
      return {
        start: async () => undefined,
        wait: async () => ({ StatusCode: 0 }),
        logs: async () => Buffer.alloc(0),
        remove: async () => undefined,
      };
    },
  };
  const network = { engine: { api, isPodman: false }, labels: () => ({}), stageImage: 'stage' };
  await closeWaysOut({ network: network as never, container: { id: 'c', alias: 'edge' } }, ways);
  return rules.split('\n').map((line) => line.trim());
}

const range = { subnet: '198.19.4.0/24', gateway: '198.19.4.1' };

it('a stage of a country hears proxies alone there, and speaks to them alone', async () => {
  const hosts = ['toxiproxy:198.19.4.10', 'other:198.19.4.11'];
  const lines = await rulesFor({ ranges: [range], country: { interfaceName: 'in-fr0', hosts } });
  const at = (line: string) => lines.indexOf(line);
  const both = '{ 198.19.4.10, 198.19.4.11 }';
  expect(at('iifname "in-fr0" drop')).toBe(at(`iifname "in-fr0" ip saddr ${both} accept`) + 1);
  expect(at('oifname "in-fr0" reject')).toBe(at(`oifname "in-fr0" ip daddr ${both} accept`) + 1);
  // Before anything that lets answers out: a connection that came in earlier ends there, too.
  expect(at('oifname "in-fr0" reject')).toBeLessThan(at('ct state established,related accept'));
});

it('a stage of no country may speak to the range of the run, and is heard by all', async () => {
  const lines = await rulesFor({ ranges: [range] });
  expect(lines).toContain('ip daddr 198.19.4.0/24 accept');
  expect(lines.some((line) => /ifname "in-/.test(line))).toBe(false);
});
