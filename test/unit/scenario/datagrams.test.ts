// Designs and faults with UDP links: what is read, and what is refused, each with its line.

import { describe, expect, it } from 'vitest';
import { listFlows } from '../../../harness/design/flows.ts';
import { findHops } from '../../../harness/design/hops.ts';
import { onTransport } from '../../../harness/faults/kinds.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designText } from '../../support/designs.ts';
import { outcome } from '../../support/refusal.ts';
import { drill } from '../../support/drill.ts';

const TV = designText('single-access-tv').text;
const SENDER = '  tv-sender: { role: multicast,';

const scenarioWith = (fault: string) =>
  parseScenario(
    drill(
      `viewers: { count: 2 }\nfaults: [{ name: f, at: 0s, for: 4s, ${fault} }]\n`,
      'single-access-tv',
    ),
    's.yaml',
    { 'single-access-tv': { file: 'tv.yaml', text: TV } },
  );

const toxicsOf = (fault: string) => {
  const { actions } = plan(scenarioWith(fault), { compress: 1, seed: 1 });
  const injected = actions[0]!.fault as LinkFault;
  return onTransport(injected, 'udp').toxics(injected);
};

describe('a fault on a UDP link', () => {
  it.each([
    ['cut: drop', [{ type: 'timeout', attributes: { timeout: 0 } }]],
    ['cut: refuse', 'off'],
    ['loss: { share: 3% }', [{ type: 'packet_loss', attributes: { loss_rate: 0.03 } }]],
    ['duplicate: { share: 20% }', [{ type: 'duplicate', attributes: { rate: 0.2 } }]],
    [
      'reorder: { share: 10%, by: 3 }',
      [{ type: 'reorder', attributes: { rate: 0.1, distance: 3 } }],
    ],
    ['bandwidth: 400k', [{ type: 'bandwidth', attributes: { rate: 50 } }]],
    ['latency: { delay: 50ms }', [{ type: 'latency', attributes: { latency: 50, jitter: 0 } }]],
  ])('%s', (fault, toxics) => {
    expect(toxicsOf(`links: [connect-tv], ${fault}`)).toEqual(toxics);
  });

  it('loses all of a burst, which is as long as it is', () => {
    const { actions } = plan(
      scenarioWith('links: [connect-tv], loss: { share: 30%, burst: 50ms }'),
      {
        compress: 1,
        seed: 1,
      },
    );
    const lengths = actions.flatMap(({ fault }) =>
      'burstMs' in fault ? [fault.burstMs ?? 0] : [],
    );
    expect(Math.min(...lengths)).toBeLessThan(200);
  });

  it.each([
    [
      'cut: hold',
      /7:\d+ .*connect-tv is a UDP link, which has nothing to hold: expected drop or refuse/,
    ],
    ['cut: reset', /nothing to reset/],
    ['slice: { bytes: 100 }', /slice acts on links with transport: tcp, connect-tv has udp/],
  ])('is refused: %s', (fault, message) => {
    expect(outcome(() => scenarioWith(`links: [connect-tv], ${fault}`))).toMatch(message);
  });

  it.each(['duplicate: { share: 5% }', 'reorder: { share: 5% }'])('is none on TCP: %s', (fault) => {
    const message = outcome(() => scenarioWith(`links: [connect-up], ${fault}`));
    expect(message).toMatch(/acts on links with transport: udp, connect-up has tcp/);
  });
});

describe('the groups of a sender', () => {
  const withGroups = (groups: string) =>
    parseDesign(TV.replace(SENDER, `${SENDER} groups: ${groups},`), 'd.yaml');

  it('are read', () => {
    const { stages } = withGroups('{ one: 239.1.2.3, two: "239.1.2.3:5000" }');
    expect(stages.at(-1)).toMatchObject({
      groups: { one: { host: '239.1.2.3' }, two: { host: '239.1.2.3', port: 5000 } },
    });
  });

  it.each([
    ['{ one: 10.0.0.1 }', /10\.0\.0\.1 is no group: expected one of 224\.0\.1\.0 to/],
    ['{ one: 240.0.0.1 }', /is no group/],
    ['{ one: 224.0.0.22 }', /is kept for routing protocols/],
    ['{ one: 239.1.1.256 }', /expected the address of a group/],
    ['{ one: somewhere }', /expected the address of a group/],
    ['{ one: "239.1.1.1:80" }', /expected a port of 1024 to 65535/],
    ['{ one: 239.01.1.1 }', /expected the address of a group/],
    ['{ three: 239.1.1.1 }', /no channel is called three; there are one, two/],
    ['{ one: "239.1.1.1:5000", two: "239.1.1.1:5000" }', /one and two have one group and port/],
  ])('are refused: %s', (groups, message) => {
    const text = outcome(() => withGroups(groups));
    expect(text).toMatch(message);
    expect(text).toMatch(/d\.yaml:\d+:\d+/);
  });

  it('are refused where another sender has the same', () => {
    const groups = 'groups: { one: "239.1.1.1:5000" }';
    const twin = `  twin: { role: multicast, ${groups}, zone: z, operator: o, country: FR }\n`;
    const text = TV.replace(SENDER, `${SENDER} ${groups},`).replace(
      /^links:\n/m,
      `${twin}links:\n  two: { from: transcoder, to: twin, transport: udp }\n`,
    );
    expect(outcome(() => parseDesign(text, 'd.yaml'))).toMatch(
      /stages\.tv-sender\.groups: twin\.one and one have one group and port, 239\.1\.1\.1:5000/,
    );
  });

  it('are not reached by TCP', () => {
    const text = TV.replace(', transport: udp', '');
    expect(outcome(() => parseDesign(text, 'd.yaml'))).toMatch(/expected transport: udp/);
  });
});

describe('a contribution over SRT', () => {
  const withLink = (ends: string, more = '') =>
    parseDesign(
      TV.replace('connect-up: { from: playout, to: transcoder }', `connect-up: { ${ends} }${more}`),
      'd.yaml',
    );
  const SRT = 'from: playout, to: transcoder, protocol: srt';

  it('is a UDP link', () => {
    const link = { name: 'connect-up', transport: 'udp', protocol: 'srt' };
    expect(withLink(SRT).links[0]).toMatchObject(link);
    expect(withLink(`${SRT}, transport: udp`).links[0]).toMatchObject(link);
  });

  it.each([
    [`${SRT}, transport: tcp`, '', /connect-up\.transport: protocol: srt goes with transport: udp/],
    [
      SRT,
      '\n  twin: { from: playout, to: transcoder, protocol: srt }',
      /twin\.protocol: transcoder takes one link with protocol: srt, and connect-up is one/,
    ],
    ['from: playout, to: transcoder, transport: udp', '', /expected transport: tcp/],
    [
      'from: playout, to: transcoder, protocol: rist',
      '',
      /protocol: expected one of srt, repair, messages, got "rist"/,
    ],
  ])('is refused: %s', (ends, more, message) => {
    const text = outcome(() => withLink(ends, more));
    expect(text).toMatch(message);
    expect(text).toMatch(/d\.yaml:\d+:\d+/);
  });

  it('goes to no sender', () => {
    const text = TV.replace('to: tv-sender, transport: udp', 'to: tv-sender, protocol: srt');
    expect(outcome(() => parseDesign(text, 'd.yaml'))).toMatch(
      /connect-tv\.protocol: no stage with role: multicast takes srt/,
    );
  });
});

describe('a portal', () => {
  const withLink = (ends: string) =>
    parseDesign(
      TV.replace(
        /^links:\n/m,
        `  portal: { role: portal, zone: z, operator: o, country: FR }\nlinks:\n  p: { ${ends} }\n`,
      ),
      'd.yaml',
    );

  it.each([
    ['from: origin, to: portal', /p: .*portal: a link from it .* needs protocol: messages/],
    ['from: origin, to: edge, protocol: messages', /p\.from: viewers ask origin for no messages/],
    [
      'from: portal, to: origin, protocol: messages',
      /p\.to: nobody watches at origin: expected edge or tv-sender/,
    ],
    [
      'from: portal, to: edge, protocol: messages, transport: udp',
      /p\.transport: protocol: messages goes with transport: tcp/,
    ],
    [
      'from: portal, to: edge, protocol: messages }\n  q: { from: portal, to: edge, protocol: messages',
      /q: p is that way already/,
    ],
  ])('is refused a link %s', (ends, message) => {
    const text = outcome(() => withLink(ends));
    expect(text).toMatch(message);
    expect(text).toMatch(/d\.yaml:\d+:\d+/);
  });

  it('is asked by boxes and viewers over a link each, which carries no picture', () => {
    const boxes = withLink('from: portal, to: tv-sender, protocol: messages');
    expect(findHops(boxes).map(({ link }) => link?.name)).not.toContain('p');
    expect(listFlows(boxes).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['p.one', 'p.two']),
    );
    const viewers = withLink('from: portal, to: edge, protocol: messages');
    expect(listFlows(viewers).map(({ id }) => id)).toContain('p');
  });
});

describe('a repair server', () => {
  const withBudget = (repair: string) =>
    parseDesign(TV.replace(SENDER, `${SENDER} repair: ${repair},`), 'd.yaml').stages.at(-1);

  const REPAIRED = designText('repaired-tv').text;
  const withRepairLink = (ends: string, more = '') =>
    parseDesign(
      REPAIRED.replace(
        '{ from: tv-sender, to: street-sender, protocol: repair }',
        `${ends}${more}`,
      ),
      'd.yaml',
    );

  it('is reached over a link of its own, which carries no picture', () => {
    const design = parseDesign(REPAIRED, 'd.yaml');
    expect(design.links.at(-1)).toMatchObject({ name: 'access-repair', transport: 'udp' });
    expect(findHops(design).map(({ link }) => link?.name)).not.toContain('access-repair');
    expect(listFlows(design).map(({ id }) => id)).toContain('access-repair.one');
  });

  it.each<[string, string, RegExp]>([
    [
      '{ from: transcoder, to: tv-sender, protocol: repair }',
      '',
      /access-repair\.from: boxes of tv-sender are repaired by tv-sender: write from: tv-sender/,
    ],
    [
      '{ from: tv-sender, to: street-sender, protocol: repair, transport: tcp }',
      '',
      /protocol: repair goes with transport: udp/,
    ],
    [
      '{ from: tv-sender, to: street-sender, protocol: repair }',
      '\n  again: { from: tv-sender, to: street-sender, protocol: repair }',
      /again\.protocol: street-sender takes one link with protocol: repair/,
    ],
  ])('is refused a link: %s %s', (ends, more, message) => {
    expect(outcome(() => withRepairLink(ends, more))).toMatch(message);
  });

  it('is refused a link where nobody repairs', () => {
    const text = REPAIRED.replace('repair: { budget: 4M }', '');
    expect(outcome(() => parseDesign(text, 'd.yaml'))).toMatch(
      /nobody on the way to street-sender repairs: give tv-sender repair/,
    );
  });

  it('has a budget', () => {
    expect(withBudget('{ budget: 2M }')).toMatchObject({ repair: { budgetKbps: 2_000 } });
    expect(withBudget('{}')).toMatchObject({ repair: { budgetKbps: 4_000 } });
    expect(outcome(() => withBudget('{ budget: 0 }'))).toMatch(/repair\.budget: expected/);
    expect(outcome(() => withBudget('{ budget: 0k }'))).toMatch(/repair\.budget: expected/);
  });
});
