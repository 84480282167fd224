import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../harness/toxiproxy/server/address.ts';
import { ApiError } from '../../../harness/toxiproxy/server/apiError.ts';
import {
  parseJson,
  readCutEffect,
  readNewProxy,
  readNewToxic,
  readProxies,
  readProxyChange,
  readToxicChange,
} from '../../../harness/toxiproxy/server/requestBody.ts';
import { TOXIC_KINDS } from '../../../harness/toxiproxy/server/toxics/registry.ts';

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
    expect(readNewProxy({ name: 'a', upstream: 'b:1' })).toEqual({
      name: 'a',
      listen: '',
      upstream: 'b:1',
      enabled: true,
      protocol: 'tcp',
      toxics: [],
    });
  });

  it('name the field that is missing, and the proxy when there are many', () => {
    expect(refusal(() => readNewProxy({ upstream: 'b:1' }))).toEqual({
      status: 400,
      message: 'missing required field: name',
    });
    expect(refusal(() => readNewProxy({ name: 'a' })).message).toBe(
      'missing required field: upstream',
    );
    expect(refusal(() => readProxies([{ name: 'a', upstream: 'b:1' }, {}])).message).toBe(
      'missing required field: name at proxy 2',
    );
  });

  it('take keys in any case, ignore unknown ones, and read null as not given', () => {
    expect(readProxyChange({ Listen: ':1', ENABLED: false, what: 1, upstream: null })).toEqual({
      listen: ':1',
      enabled: false,
    });
  });

  it('refuse a wrong type in the words of Toxiproxy', () => {
    expect(refusal(() => readProxyChange({ enabled: 'yes' }))).toEqual({
      status: 400,
      message:
        'bad request body: json: cannot unmarshal string into Go struct field Proxy.enabled of type bool',
    });
    expect(
      refusal(() => readNewToxic({ type: 'latency', attributes: { latency: 1.5 } }, 'tcp')).message,
    ).toBe(
      'bad request body: json: cannot unmarshal number 1.5 into Go struct field LatencyToxic.attributes.latency of type int64',
    );
  });

  it('tell an empty body from one that is cut off', () => {
    expect(refusal(() => parseJson('')).message).toBe('bad request body: EOF');
    for (const text of ['{"name": "a"', '{"na', '[1, 2', '{"a": tr']) {
      expect(refusal(() => parseJson(text)).message).toBe('bad request body: unexpected EOF');
    }
    expect(refusal(() => parseJson('nope')).message).toMatch(
      /^bad request body: invalid character/,
    );
  });

  it('fill in the defaults of a toxic', () => {
    expect(readNewToxic({ type: 'latency' }, 'tcp')).toMatchObject({
      name: 'latency_downstream',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 0, jitter: 0 },
    });
    expect(readNewToxic({ type: 'slicer', stream: 'upstream' }, 'tcp').name).toBe(
      'slicer_upstream',
    );
  });

  it('refuse streams and types that are not there', () => {
    expect(refusal(() => readNewToxic({ type: 'latency', stream: 'sideways' }, 'tcp'))).toEqual({
      status: 400,
      message: 'stream was invalid, can be either upstream or downstream',
    });
    for (const type of ['noop', '', '__proto__', 'reorder']) {
      expect(refusal(() => readNewToxic({ type }, 'tcp'))).toEqual({
        status: 400,
        message: 'invalid toxic type',
      });
    }
    expect(readNewToxic({ type: 'reorder' }, 'udp').kind.type).toBe('reorder');
    expect(refusal(() => readNewToxic({ type: 'slicer' }, 'udp')).message).toBe(
      'invalid toxic type',
    );
  });

  it('keep what a change does not name', () => {
    const latency = TOXIC_KINDS.get('latency');
    if (!latency) throw new Error('no latency');
    const existing = { toxicity: 0.5, attributes: { latency: 10, jitter: 5 } };
    expect(readToxicChange({ attributes: { latency: 20 } }, latency, existing)).toEqual({
      toxicity: 0.5,
      attributes: { latency: 20, jitter: 5 },
    });
    expect(readToxicChange({ toxicity: 1 }, latency, existing)).toEqual({
      toxicity: 1,
      attributes: existing.attributes,
    });
  });

  it('refuse two toxics of one name on a new proxy', () => {
    const toxics = [{ type: 'latency' }, { type: 'latency' }];
    expect(refusal(() => readNewProxy({ name: 'a', upstream: 'b:1', toxics })).status).toBe(409);
  });

  it('know the effects of a cut', () => {
    expect(readCutEffect({ effect: 'hold' })).toBe('hold');
    expect(refusal(() => readCutEffect({ effect: 'maybe' })).status).toBe(400);
    expect(refusal(() => readCutEffect({})).status).toBe(400);
  });

  it('are read or refused with an ApiError, whatever they are', () => {
    const readers = [
      readProxyChange,
      readNewProxy,
      readProxies,
      readCutEffect,
      (body: unknown) => readNewToxic(body, 'tcp'),
    ];
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...readers), (body, read) => {
        try {
          read(body);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });
});

describe('addresses', () => {
  it('come in the forms Toxiproxy takes', () => {
    expect(parseAddress('localhost:80', 'listen tcp')).toEqual({ host: 'localhost', port: 80 });
    expect(parseAddress('[::1]:80', 'listen tcp')).toEqual({ host: '::1', port: 80 });
    expect(parseAddress(':0', 'listen tcp')).toEqual({ host: '', port: 0 });
    expect(parseAddress('host:', 'listen tcp')).toEqual({ host: 'host', port: 0 });
  });

  it('are refused with the reason', () => {
    expect(refusal(() => parseAddress('localhost', 'listen tcp'))).toEqual({
      status: 500,
      message: 'listen tcp: address localhost: missing port in address',
    });
    expect(refusal(() => parseAddress('a:b:c', 'dial tcp')).message).toMatch(/too many colons/);
    expect(refusal(() => parseAddress('a:99999', 'listen tcp')).message).toMatch(/invalid port/);
    expect(refusal(() => parseAddress('a:http!', 'listen tcp')).message).toMatch(/unknown port/);
  });

  it('survive being written and read again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (host, port) => {
        expect(parseAddress(formatAddress(host, port), 'listen tcp')).toEqual({ host, port });
      }),
    );
  });
});
