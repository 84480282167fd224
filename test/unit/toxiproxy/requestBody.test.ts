import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../harness/toxiproxy/server/address.ts';
import { ApiError } from '../../../harness/toxiproxy/server/apiError.ts';
import {
  readCutEffect,
  readNewProxy,
  readNewToxic,
  readProxies,
  readProxyChange,
  readToxicChange,
} from '../../../harness/toxiproxy/server/requestBody.ts';
import { createToxic, toxicJson } from '../../../harness/toxiproxy/server/toxic.ts';
import { TOXIC_KINDS } from '../../../harness/toxiproxy/server/toxics/registry.ts';

const json = (value: unknown) => JSON.stringify(value);

/** The error a piece of work throws, as clients see it. */
function refusal(work: () => unknown): { status: number; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('bodies of the API', () => {
  it('fill in the defaults of a proxy', () => {
    expect(readNewProxy(json({ name: 'a', upstream: 'b:1' }))).toEqual({
      name: 'a',
      listen: '',
      upstream: 'b:1',
      enabled: true,
      protocol: 'tcp',
      toxics: [],
    });
  });

  it('name the field that is missing, and the proxy when there are many', () => {
    expect(refusal(() => readNewProxy(json({ upstream: 'b:1' })))).toEqual({
      status: 400,
      message: 'missing required field: name',
    });
    expect(refusal(() => readNewProxy(json({ name: 'a' }))).message).toBe(
      'missing required field: upstream',
    );
    expect(refusal(() => readProxies(json([{ name: 'a', upstream: 'b:1' }, {}]))).message).toBe(
      'missing required field: name at proxy 2',
    );
  });

  it('take keys in any case, ignore unknown ones, and read null as not given', () => {
    expect(
      readProxyChange(json({ Listen: ':1', ENABLED: false, what: 1, upstream: null })),
    ).toEqual({
      listen: ':1',
      enabled: false,
    });
  });

  it('refuse a wrong type in the words of Toxiproxy', () => {
    expect(refusal(() => readProxyChange(json({ enabled: 'yes' })))).toEqual({
      status: 400,
      message:
        'bad request body: json: cannot unmarshal string into Go struct field Proxy.enabled of type bool',
    });
    expect(
      refusal(() => readNewToxic(json({ type: 'latency', attributes: { latency: 1.5 } }), 'tcp'))
        .message,
    ).toBe(
      'bad request body: json: cannot unmarshal number 1.5 into Go struct field LatencyToxic.attributes.latency of type int64',
    );
  });

  it('tell an empty body from one that is cut off', () => {
    expect(refusal(() => readProxyChange('')).message).toBe('bad request body: EOF');
    for (const text of ['{"name": "a"', '{"na', '[1, 2', '{"a": tr']) {
      expect(refusal(() => readProxyChange(text)).message).toBe('bad request body: unexpected EOF');
    }
    expect(refusal(() => readProxyChange('nope')).message).toMatch(
      /^bad request body: invalid character/,
    );
  });

  it('fill in the defaults of a toxic', () => {
    expect(readNewToxic(json({ type: 'latency' }), 'tcp')).toMatchObject({
      name: 'latency_downstream',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 0, jitter: 0 },
    });
    expect(readNewToxic(json({ type: 'slicer', stream: 'upstream' }), 'tcp').name).toBe(
      'slicer_upstream',
    );
  });

  it('refuse streams and types that are not there', () => {
    expect(
      refusal(() => readNewToxic(json({ type: 'latency', stream: 'sideways' }), 'tcp')),
    ).toEqual({
      status: 400,
      message: 'stream was invalid, can be either upstream or downstream',
    });
    for (const type of ['', '__proto__', 'reorder']) {
      expect(refusal(() => readNewToxic(json({ type }), 'tcp'))).toEqual({
        status: 400,
        message: 'invalid toxic type',
      });
    }
    expect(readNewToxic(json({ type: 'reorder' }), 'udp').kind.type).toBe('reorder');
    expect(refusal(() => readNewToxic(json({ type: 'slicer' }), 'udp')).message).toBe(
      'invalid toxic type',
    );
  });

  it('keep whole numbers of 64 bits exactly, and refuse what Go does not take for one', () => {
    const latency = (number: string) =>
      readNewToxic(`{"type":"latency","attributes":{"latency":${number}}}`, 'tcp').attributes;
    expect(latency('9223372036854775807')).toMatchObject({ latency: 9223372036854775807n });
    expect(latency('-9223372036854775808')).toMatchObject({ latency: -9223372036854775808n });
    expect(latency('9007199254740991')).toMatchObject({ latency: 9007199254740991 });
    for (const number of ['1.0', '1e3', '9223372036854775808', '-9223372036854775809'])
      expect(refusal(() => latency(number)).message).toBe(
        `bad request body: json: cannot unmarshal number ${number} into Go struct field LatencyToxic.attributes.latency of type int64`,
      );
  });

  it('keep a toxicity as the 32-bit float that Go makes of it, and show it short', () => {
    const toxic = readNewToxic('{"type":"noop","toxicity":0.1}', 'tcp');
    expect(toxic.toxicity).toBe(Math.fround(0.1));
    expect(toxicJson(createToxic(toxic)).toxicity).toBe(0.1);
  });

  it('keep the case of a stream in what is shown and in the name', () => {
    const toxic = readNewToxic('{"type":"noop","stream":"UpStream"}', 'tcp');
    expect(toxic).toMatchObject({ name: 'noop_UpStream', stream: 'upstream' });
    expect(toxicJson(createToxic(toxic)).stream).toBe('UpStream');
  });

  it('may have space of any kind around each part, and escapes of four digits', () => {
    const spaced = '\t{\r"upstream"\n:\t"u\\u003A1"\r,\n"enabled"\t: true\r}';
    expect(readProxyChange(spaced)).toEqual({ upstream: 'u:1', enabled: true });
    expect(refusal(() => readProxyChange('{"name":"\\u123g"}')).message).toBe(
      "bad request body: invalid character 'g' in \\u hexadecimal character escape",
    );
    expect(refusal(() => readProxyChange('\v{}')).message).toBe(
      "bad request body: invalid character '\\v' looking for beginning of value",
    );
  });

  it('end with their JSON value, however deep it is', () => {
    expect(readProxyChange('{"upstream":"u:1"} and more')).toEqual({ upstream: 'u:1' });
    const deep = `{"x":${'['.repeat(9_000)}${']'.repeat(9_000)},"upstream":"u:1"}`;
    expect(readProxyChange(deep)).toEqual({ upstream: 'u:1' });
    expect(refusal(() => readProxyChange('['.repeat(1_000_000))).message).toMatch(/max depth/);
  });

  it('keep what a change does not name', () => {
    const latency = TOXIC_KINDS.get('latency');
    if (!latency) throw new Error('no latency');
    const existing = { toxicity: 0.5, attributes: { latency: 10, jitter: 5 } };
    expect(readToxicChange(json({ attributes: { latency: 20 } }), latency, existing)).toEqual({
      toxicity: 0.5,
      attributes: { latency: 20, jitter: 5 },
    });
    expect(readToxicChange(json({ toxicity: 1 }), latency, existing)).toEqual({
      toxicity: 1,
      attributes: existing.attributes,
    });
  });

  it('say which of many toxics is wrong', () => {
    const proxies = [
      { name: 'a', upstream: 'b:1', toxics: [{ type: 'latency' }] },
      { name: 'b', upstream: 'b:1', toxics: [{ type: 'latency' }, { type: 'none' }] },
    ];
    expect(refusal(() => readProxies(json(proxies)))).toEqual({
      status: 400,
      message: 'invalid toxic type at toxic 2 at proxy 2',
    });
    expect(
      refusal(() =>
        readNewProxy(json({ ...proxies[0], toxics: [{ type: 'latency', stream: 'x' }] })),
      ).message,
    ).toMatch(/upstream or downstream at toxic 1$/);
  });

  it('refuse two toxics of one name on a new proxy', () => {
    const toxics = [{ type: 'latency' }, { type: 'latency' }];
    expect(refusal(() => readNewProxy(json({ name: 'a', upstream: 'b:1', toxics }))).status).toBe(
      409,
    );
  });

  it('know the effects of a cut', () => {
    expect(readCutEffect(json({ effect: 'hold' }))).toBe('hold');
    expect(refusal(() => readCutEffect(json({ effect: 'maybe' }))).status).toBe(400);
    expect(refusal(() => readCutEffect(json({}))).status).toBe(400);
  });

  it('are read or refused with an ApiError, whatever they are', () => {
    const readers = [
      readProxyChange,
      readNewProxy,
      readProxies,
      readCutEffect,
      (body: string) => readNewToxic(body, 'tcp'),
    ];
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...readers), (body, read) => {
        try {
          read(JSON.stringify(body));
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          readProxyChange(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });
});

describe('addresses', () => {
  it('come in the forms Toxiproxy takes', () => {
    expect(parseAddress('localhost:80', 'listen tcp: ')).toEqual({ host: 'localhost', port: 80 });
    expect(parseAddress('[::1]:80', 'listen tcp: ')).toEqual({ host: '::1', port: 80 });
    expect(parseAddress(':0', 'listen tcp: ')).toEqual({ host: '', port: 0 });
    expect(parseAddress('host:', 'listen tcp: ')).toEqual({ host: 'host', port: 0 });
  });

  it('are refused with the reason', () => {
    expect(refusal(() => parseAddress('localhost', 'listen tcp: '))).toEqual({
      status: 500,
      message: 'listen tcp: address localhost: missing port in address',
    });
    expect(refusal(() => parseAddress('a:b:c', 'dial tcp: ')).message).toMatch(/too many colons/);
    expect(refusal(() => parseAddress('a:99999', 'listen tcp: ')).message).toMatch(/invalid port/);
    expect(refusal(() => parseAddress('a:http!', 'listen tcp: ')).message).toMatch(/unknown port/);
  });

  it('name services as the system does', () => {
    expect(parseAddress('localhost:http', 'listen tcp: ').port).toBe(80);
    expect(parseAddress('localhost:HTTPS', 'listen tcp: ').port).toBe(443);
  });

  it('survive being written and read again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (host, port) => {
        expect(parseAddress(formatAddress(host, port), 'listen tcp: ')).toEqual({ host, port });
      }),
    );
  });
});
