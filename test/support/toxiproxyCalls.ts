// Calls to the API of Toxiproxy whose answers were recorded from the official server: what is taken,
// what is refused, and in which words. Each session begins without proxies.

export interface ApiCase {
  readonly method: string;
  /** Sent as it stands: nothing cleans it. */
  readonly path: string;
  readonly body?: string;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly location: string;
}

const call = (method: string, path: string, body?: string): ApiCase =>
  body === undefined ? { method, path } : { method, path, body };
const post = (path: string, body: string) => call('POST', path, body);
const quoted = (value: unknown) => JSON.stringify(value);

const PROXY = quoted({ name: 'p', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' });
const DISABLED = quoted({ name: 'p', listen: '127.0.0.1:1', upstream: 'u:1', enabled: false });
const withProxy = (...cases: readonly ApiCase[]) => [post('/proxies', PROXY), ...cases];

/** Text that is not JSON, or not only JSON. */
const TEXTS = [
  ...['', ' \n', '{', '[', '"', '{"name"', '{"name":', '{"name":"a"', '{"name":"a",', '[1, 2', '-'],
  ...['nope', 'nul', 'nulx', 'trux', 'falsy', 'tr', "'a'", '{name:1}', '{"a" 1}', '{"a":1 "b":2}'],
  ...[
    '[1 2]',
    '{,}',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '}',
    ']',
    ':',
    '01',
    '-x',
    '1.x',
    '1.',
    '1e',
    '1e+',
  ],
  ...[
    '"a\tb"',
    '"a\\x"',
    '"a\\u12g4"',
    '"\\',
    '\u00e9',
    '\ufeff{}',
    '\u007f',
    '\\',
    '{"a":\u00e9}',
  ],
  ...[
    '{"a":-}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":NaN}',
    '{"a":01}',
    '{"a":"\u0001"}',
    '[[[[',
    '{"a":{',
  ],
  ...['{"x":"\\ud800","name":""} trailing', 'null', 'true', '5', '"text"', '[]', '[{}]', 'null 5'],
];

/** Values for a field, as they are written. */
const VALUES = ['null', 'true', '"s"', '5', '5.5', '-5', '[]', '[1]', '{}', '{"a":1}'];

const NUMBERS = [
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '1.0',
    '1e3',
    '1E3',
    '1e-3',
    '0.5',
    '9007199254740991',
    '9007199254740993',
  ],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...['99999999999999999999', '1e400', '"1"', 'null', 'true', '[]', '{}', '2147483648'],
];

const TOXICITIES = [
  ...[
    '0',
    '1',
    '0.1',
    '0.3',
    '0.99',
    '0.333333333',
    '1e-7',
    '1e-10',
    '16777217',
    '123456789',
    '-1',
    '2',
  ],
  ...['1e20', '1e21', '3.5e38', '1e39', '1e-46', '"1"', 'null', 'true'],
];

const LISTENS = [
  ...['', ':0', 'nope', 'a:b:c', '[::1', '[::1]', '[::1]x:1', '[::1:5', 'a[b:1', 'a]b:1', ':99999'],
  ...[
    '127.0.0.1:',
    '127.0.0.1:-5',
    '127.0.0.1:70000',
    '127.0.0.1:nosuch',
    '127.0.0.1:0x50',
    ':nosuch',
  ],
  ...[
    'localhost:0',
    '127.0.0.1:+0',
    '999.1.1.1:http-no',
    '127.0.0.1:1 ',
    ' 127.0.0.1:1',
    '[]:nosuch',
  ],
];

const ATTRIBUTES: readonly (readonly [string, string])[] = [
  ['latency', 'latency'],
  ['latency', 'jitter'],
  ['bandwidth', 'rate'],
  ['slow_close', 'delay'],
  ['timeout', 'timeout'],
  ['reset_peer', 'timeout'],
  ['limit_data', 'bytes'],
  ['slicer', 'average_size'],
];

const toxic = (fields: string) => post('/proxies/p/toxics', fields);

/** A path with what it answers to each method. */
const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'];
const PATHS = [
  ...['/', '/nothing', '/proxies', '/proxies/', '/proxies/p', '/proxies/p/', '/proxies/none'],
  ...['/proxies/p/toxics', '/proxies/p/toxics/', '/proxies/p/toxics/none', '/proxies/none/toxics'],
  ...['/proxies/p/toxics/none/x', '/version', '/version/', '/reset', '/populate', '/metrics'],
  ...[
    '//proxies',
    '/./proxies',
    '/proxies/../version',
    '/proxies//p',
    '/version?x=1',
    '//version?x=1',
  ],
  ...['/proxies/%zz', '/proxies/%', '/PROXIES', '/proxies/p%20q', '/../version'],
];

export const API_SESSIONS: readonly (readonly ApiCase[])[] = [
  ...TEXTS.map((text) => [post('/proxies', text), post('/populate', text)]),
  ...TEXTS.map((text) => withProxy(call('PATCH', '/proxies/p', text), toxic(text))),
  ...['name', 'listen', 'upstream', 'enabled'].flatMap((field) =>
    VALUES.map((value) => [
      post('/proxies', `{"name":"p","listen":"127.0.0.1:0","upstream":"u:1","${field}":${value}}`),
      post(
        '/populate',
        `[{"name":"q","listen":"127.0.0.1:0","upstream":"u:1","${field}":${value}}]`,
      ),
      call('PATCH', '/proxies/p', `{"${field}":${value}}`),
    ]),
  ),
  ...VALUES.map((value) => [post('/populate', value), post('/populate', `[${value}]`)]),
  ...LISTENS.map((listen) => [
    post('/proxies', quoted({ name: 'p', listen, upstream: 'u:1' })),
    post('/proxies', quoted({ name: 'q', listen, upstream: 'u:1', enabled: false })),
    call('PATCH', '/proxies/q', '{"enabled":true}'),
    call('PATCH', '/proxies/q', '{"upstream":"v:1"}'),
    call('PATCH', '/proxies/q', '{"listen":"127.0.0.1:0","enabled":true}'),
  ]),
  ...ATTRIBUTES.map(([type, name]) =>
    withProxy(
      ...NUMBERS.flatMap((number) => [
        toxic(`{"name":"t","type":"${type}","attributes":{"${name}":${number}}}`),
        call('PATCH', '/proxies/p/toxics/t', `{"attributes":{"${name}":${number}}}`),
        call('DELETE', '/proxies/p/toxics/t'),
      ]),
    ),
  ),
  withProxy(
    ...TOXICITIES.flatMap((toxicity) => [
      toxic(`{"name":"t","type":"latency","toxicity":${toxicity}}`),
      call('PATCH', '/proxies/p/toxics/t', `{"toxicity":${toxicity}}`),
      call('DELETE', '/proxies/p/toxics/t'),
    ]),
  ),
  withProxy(
    ...['name', 'type', 'stream', 'attributes'].flatMap((field) =>
      VALUES.flatMap((value) => [
        toxic(`{"type":"latency","${field}":${value}}`),
        call('DELETE', '/proxies/p/toxics/latency_downstream'),
      ]),
    ),
  ),
  withProxy(
    toxic('{"type":"latency"}'),
    ...VALUES.map((value) =>
      call('PATCH', '/proxies/p/toxics/latency_downstream', `{"attributes":${value}}`),
    ),
  ),
  withProxy(
    ...['Upstream', 'DOWNSTREAM', 'downStream', 'sideways', '', 'upstream '].flatMap((stream) => [
      toxic(quoted({ type: 'timeout', stream })),
      toxic(quoted({ type: 'latency', name: `n ${stream}`, stream })),
    ]),
    call('GET', '/proxies/p/toxics'),
  ),
  withProxy(
    toxic('{"TYPE":"latency","STREAM":"upstream","Name":"n","aTTributes":{"LATENCY":7}}'),
    toxic('{"type":"noop"}'),
    toxic('{"type":"noop","attributes":{"x":1}}'),
    call('PATCH', '/proxies/p/toxics/noop_downstream', '{"toxicity":0.5}'),
    toxic('{"type":"latency","name":"n","attributes":{"latency":"x"}}'),
    toxic('{"type":"none","stream":"none"}'),
    toxic('{"type":1,"stream":2,"toxicity":"x"}'),
    toxic('{"name":"a","name":"b","type":"timeout"}'),
    toxic('{"type":"timeout","attributes":{"timeout":"x","timeout":5}}'),
    call('GET', '/proxies/p'),
    call('GET', '/proxies'),
  ),
  withProxy(...PATHS.flatMap((path) => METHODS.map((method) => call(method, path)))),
  [
    post('/proxies', DISABLED),
    post('/proxies', PROXY),
    post('/populate', `[${DISABLED}]`),
    post('/populate', `[${DISABLED.replace('127.0.0.1:1', 'nope')}]`),
    call('PATCH', '/proxies/p', '{"listen":"nope"}'),
    call('DELETE', '/proxies/p'),
    call('DELETE', '/proxies/p'),
  ],
  [
    post('/proxies', '{"name":"bad","listen":"nope","upstream":"u:1","enabled":false}'),
    post('/reset', ''),
    call('PATCH', '/proxies/bad', '{"listen":"127.0.0.1:0"}'),
    post('/reset', ''),
    call('GET', '/proxies/bad'),
  ],
  [post('/populate', '[{"name":"a","upstream":"u:1","listen":"127.0.0.1:0"}, null]')],
];

/** Removes what differs from run to run, and a field the official server shows by accident. */
export const comparable = (body: string): string =>
  body
    .replace(/"Logger":\{\},/g, '')
    .replace(/(127\.0\.0\.1|\[::\]):[1-9]\d{3,4}(?=")/g, '$1:PORT');
