// Tests what is started for a design, in which order, and whom each stage is told to connect to.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CleanupStack } from '../../../harness/kernel/cleanup.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import type { Design } from '../../../harness/model/scenario.ts';
import type { Address, StageLaunch, StartedProxy } from '../../../harness/model/world.ts';
import { provision } from '../../../harness/run/provision.ts';
import { countedLinks } from '../../../harness/design/countedLinks.ts';
import { listFlows } from '../../../harness/design/flows.ts';
import { findHops } from '../../../harness/design/hops.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { readDesign } from '../../support/designs.ts';

/** Starts a design where every stage and proxy gets a port of its own, and remembers who is who. */
async function provisioned(design: Design, countsBorders = false) {
  const launches = new Map<string, StageLaunch>();
  const order: string[] = [];
  const at = new Map<number, string>();
  const addressOf = (what: string): Address => {
    const port = at.size + 1;
    at.set(port, what);
    order.push(what);
    return { host: 'h', port };
  };
  const asked: string[] = [];
  const cleanup = new CleanupStack();
  const pipeline = await provision({
    design,
    countsBorders,
    cleanup,
    clock: virtualClock(),
    onExit: () => undefined,
    probe: {
      segmentsAt: async (url) => {
        asked.push(url);
        return 3;
      },
    },
    segments: 3,
    signal: new AbortController().signal,
    runtime: {
      kind: 'processes',
      start: async (launch) => {
        launches.set(launch.instance, launch);
        const own = addressOf(launch.instance);
        const address = launch.stage.role === 'playout' ? undefined : own;
        const stop = async () => undefined;
        const { instance } = launch;
        const exited = new Promise<never>(() => undefined);
        return { instance, address, hostAddress: address, exited, stop, ...disposable };
      },
      ...disposable,
    },
    links: {
      description: 'fake',
      passedBytes: async () => [],
      createProxy: async ({ name, upstream }) =>
        ({ name, address: addressOf(`${name} to ${at.get(upstream.port)}`) }) as StartedProxy,
      reset: async () => undefined,
      ...disposable,
    },
  });
  const nameOf = (url: string) => at.get(Number(new URL(url).port));
  return {
    order,
    pipeline,
    asked: asked.map(nameOf),
    sendsTo: (instance: string) =>
      launches.get(instance)?.sendsTo.map(({ port }) => at.get(port)) ?? 'not started',
    launch: (instance: string) => launches.get(instance),
    entry: (channel: number, turn: number) =>
      nameOf(pipeline.playlistOf({ name: 'c', number: channel }, turn)),
  };
}

const disposable = { [Symbol.asyncDispose]: async () => undefined };

describe('provision', () => {
  it('joins one chain by its links, and goes around them where there is none', async () => {
    const { sendsTo, entry, pipeline } = await provisioned(readDesign('single-access'));
    expect(sendsTo('playout.two')).toEqual(['connect-up.two to transcoder.two']);
    expect(sendsTo('transcoder.one')).toEqual(['connect-down.one to origin']);
    expect(sendsTo('edge')).toEqual(['origin']);
    expect(sendsTo('control-transcoder')).toEqual(['control-origin']);
    expect(entry(1, 0)).toBe('edge');
    expect(entry(63, 0)).toBe('control-origin');
    const channel = { name: 'one', number: 1 };
    expect(pipeline.playlistOf(channel, 0)).toMatch(/\/one\/index\.m3u8$/);
    expect(pipeline.playlistOf(channel, 0, true)).toMatch(/\/one\/index\.mpd$/);
  });

  it('starts every stage once, and after all that it connects to', async () => {
    const { order, sendsTo } = await provisioned(readDesign('dual-origin'));
    expect(new Set(order).size).toBe(order.length);
    for (const instance of ['edge', 'transcoder.one', 'playout.two'])
      for (const target of sendsTo(instance))
        expect(order.indexOf(target ?? '')).toBeLessThan(order.indexOf(instance));
  });

  it('publishes at every origin, each by its own link; the edge asks them in that order', async () => {
    const { sendsTo } = await provisioned(readDesign('dual-origin'));
    expect(sendsTo('transcoder.two')).toEqual([
      'connect-down-a.two to origin-a',
      'connect-down-b.two to origin-b',
    ]);
    expect(sendsTo('edge')).toEqual(['fetch-a to origin-a', 'fetch-b to origin-b']);
  });

  it('has one proxy for each flow of the design', async () => {
    const design = readDesign('dual-origin');
    const { pipeline } = await provisioned(design);
    expect([...pipeline.proxies.keys()].toSorted()).toEqual(
      listFlows(design)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it('has a proxy before every stage where bytes between countries are counted', async () => {
    const design = readDesign('single-access');
    const { sendsTo, pipeline, launch } = await provisioned(design, true);
    expect(sendsTo('edge')).toEqual(['origin to edge to origin']);
    expect(sendsTo('control-transcoder')).toEqual(['control-origin']);
    expect([...pipeline.proxies.keys()].toSorted()).toEqual(
      listFlows(design, countedLinks(design))
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(launch('edge')?.country).toBe('FR');
    expect(launch('edge')?.sendsTo[0]?.link).toBeUndefined();
    expect(launch('control-origin')?.country).toBeUndefined();
  });

  it('leaves stages on one network where set-top boxes share it with them', async () => {
    const { launch } = await provisioned(readDesign('single-access-tv'), true);
    expect(launch('playout.one')).not.toHaveProperty('country');
  });

  it('deals the viewers of a channel over edges that nothing steers, after asking both', async () => {
    const single = readDesign('single-access');
    const [edge] = single.stages.filter(({ role }) => role === 'edge');
    if (!edge) throw new Error('no edge');
    const design = { ...single, stages: [...single.stages, { ...edge, name: 'edge-b' }] };
    const { entry, asked } = await provisioned(design);
    expect([0, 1, 2].map((turn) => entry(1, turn))).toEqual(['edge', 'edge-b', 'edge']);
    expect(asked).toEqual(expect.arrayContaining(['edge', 'edge-b', 'control-origin']));
  });
});

describe('a transcoder with two links to it', () => {
  it('has an input for each, and the playout sends to both, saying which', async () => {
    const { sendsTo, launch } = await provisioned(readDesign('second-input-slate'));
    expect(launch('transcoder.one')?.inputs).toEqual(['connect-up-a', 'connect-up-b']);
    expect(launch('playout.one')?.sendsTo.map(({ input }) => input)).toEqual([
      'connect-up-a',
      'connect-up-b',
    ]);
    expect(sendsTo('playout.one')).toEqual([
      'connect-up-a.one to transcoder.one',
      'connect-up-b.one to transcoder.one',
    ]);
    expect(launch('control-transcoder')?.inputs).toBeUndefined();
  });
});

describe('two playouts of one transcoder', () => {
  it('send to an input each, which they name although each sends to one place only', async () => {
    const { sendsTo, launch } = await provisioned(readDesign('two-playouts'));
    expect(launch('transcoder.one')?.inputs).toEqual(['connect-up-a', 'connect-up-b']);
    for (const end of ['a', 'b']) {
      expect(sendsTo(`playout-${end}.one`)).toEqual([`connect-up-${end}.one to transcoder.one`]);
      expect(launch(`playout-${end}.one`)?.sendsTo[0]?.input).toBe(`connect-up-${end}`);
    }
  });
});

describe('two pipelines', () => {
  it('get the same from the playout, and each publishes at an origin of its own', async () => {
    const { sendsTo, launch, entry } = await provisioned(readDesign('two-pipelines'));
    expect(sendsTo('playout.one')).toEqual([
      'connect-up-a.one to transcoder-a.one',
      'connect-up-b.one to transcoder-b.one',
    ]);
    expect(sendsTo('transcoder-a.one')).toEqual(['publish-a.one to origin-a']);
    expect(sendsTo('transcoder-b.one')).toEqual(['publish-b.one to origin-b']);
    expect(sendsTo('edge')).toEqual(['fetch-a to origin-a', 'fetch-b to origin-b']);
    for (const name of ['transcoder-a.one', 'transcoder-b.one']) {
      expect(launch(name)).toMatchObject({ stage: { epochLocked: true } });
      expect(launch(name)?.inputs).toBeUndefined();
      for (const { input } of launch('playout.one')!.sendsTo) expect(input).toBeUndefined();
    }
    expect(entry(1, 0)).toBe('edge');
  });
});

describe('an inserter after the link', () => {
  it('is sent a stream, and publishes; so is that of the control', async () => {
    const { sendsTo, launch } = await provisioned(readDesign('inserting-head-end'));
    expect(sendsTo('transcoder.one')).toEqual(['connect-down.one to inserter.one']);
    expect(sendsTo('inserter.one')).toEqual(['origin']);
    expect(sendsTo('control-transcoder')).toEqual(['control-inserter']);
    for (const name of ['transcoder.one', 'control-transcoder'])
      expect(launch(name)?.sendsTo[0]?.stream).toBe(true);
    for (const name of ['inserter.one', 'control-inserter'])
      expect(launch(name)?.sendsTo[0]?.stream).toBeUndefined();
  });
});

describe('who is asked beside the picture', () => {
  it('stands behind a proxy of its own for viewers, and one for the boxes of each channel', async () => {
    const { pipeline } = await provisioned(readDesign('alerted-tv'));
    const { proxies, urlOfWay } = pipeline;
    for (const way of ['app-way', 'phone-way', 'box-way.one', 'box-way.two']) {
      const { host, port } = proxies.get(way)!.address;
      expect(urlOfWay?.(way, true)).toBe(`http://${host}:${port}`);
    }
  });
});

describe('a steering stage', () => {
  it('is the way in; it knows every edge, and where browsers find it', async () => {
    const { sendsTo, entry, launch, pipeline } = await provisioned(readDesign('multi-edge'));
    expect([0, 1].map((turn) => entry(2, turn))).toEqual(['steering', 'steering']);
    expect(sendsTo('steering')).toEqual(['edge-a', 'edge-b']);
    const targets = launch('steering')?.sendsTo ?? [];
    expect(targets.map(({ stage }) => stage)).toEqual(['edge-a', 'edge-b']);
    expect(pipeline.mediaFrom).toEqual(
      targets.map(({ viewersAt }) => `http://${viewersAt?.host}:${viewersAt?.port}/`),
    );
  });
});

describe('set-top boxes behind an access with repair', () => {
  const tv = readDesign('repaired-tv');
  const one = { name: 'one', number: 1 };

  it('have the numbers of datagrams, the repair server of the head-end, and the portal', async () => {
    const { launch, sendsTo, pipeline } = await provisioned(tv);
    expect(sendsTo('tv-sender.one')).toEqual(['access-tv.one to street-sender.one']);
    expect(launch('tv-sender.one')?.keepsNumbers).toBe(true);
    expect(launch('street-sender.one')?.keepsNumbers).toBe(true);
    expect(launch('transcoder.one')?.keepsNumbers).toBeUndefined();
    const { groupUrlOf, urlOfWay, stages } = pipeline;
    const { host, port } = pipeline.proxies.get('access-repair.one')!.address;
    expect(groupUrlOf?.(one, 0)).toBe(
      `udp://239.255.42.1:${stages.get('street-sender.one')?.address?.port}?channel=1&repair=${host}:${port}`,
    );
    expect(urlOfWay?.('portal', true)).toBe(`http://h:${stages.get('portal')?.address?.port}`);
  });

  it('have none of them where the design has none', async () => {
    const { launch, pipeline } = await provisioned(readDesign('single-access-tv'));
    expect(launch('tv-sender.one')?.keepsNumbers).toBeUndefined();
    expect(pipeline.groupUrlOf?.(one, 0)).toMatch(/\?channel=1$/);
    expect(pipeline.urlOfWay?.('portal', true)).toBeUndefined();
  });
});

it('a contribution over SRT is sent by it, and listened for', async () => {
  const file = 'scenarios/designs/single-access-tv.yaml';
  const srt = readFileSync(file, 'utf8').replace(
    'to: transcoder }',
    'to: transcoder, protocol: srt }',
  );
  const { launch } = await provisioned(parseDesign(srt, file));
  expect(launch('playout.one')?.sendsTo).toMatchObject([{ link: 'connect-up', protocol: 'srt' }]);
  expect(launch('transcoder.one')?.listensFor).toBe('srt');
  expect(launch('tv-sender.one')?.listensFor).toBeUndefined();
});

describe('the hops of a design', () => {
  it('join stages directly, each with each, where no link joins their roles', () => {
    const design = { ...readDesign('dual-origin'), links: [] };
    const shown = findHops(design).map(({ client, server }) => `${client.name}->${server.name}`);
    expect(shown).toEqual([
      'playout->transcoder',
      'transcoder->origin-a',
      'transcoder->origin-b',
      'edge->origin-a',
      'edge->origin-b',
    ]);
  });

  it('are the links and nothing else where there is one', () => {
    const { links, ...design } = readDesign('dual-origin');
    const only = links.filter(({ name }) => name === 'fetch-b');
    const edges = findHops({ ...design, links: only }).filter(
      ({ client }) => client.role === 'edge',
    );
    expect(edges.map(({ server }) => server.name)).toEqual(['origin-b']);
  });
});
