// The headers that a stage adds to every answer, whoever gives it: a location of nginx, nginx itself
// (errors, redirects) or the fault server behind it. They are said once, at the level of `http { … }`.
// nginx inherits `add_header` and `proxy_hide_header` only where a level has none of its own, so no
// server and no location may have any.

export interface OwnHeader {
  readonly name: string;
  /** May hold variables; nginx leaves out a header whose value is empty. */
  readonly value: string;
}

/** Pages from anywhere may read everything, and send what headers they like. */
export const CORS: readonly OwnHeader[] = [
  { name: 'Access-Control-Allow-Origin', value: '*' },
  { name: 'Access-Control-Allow-Headers', value: '*' },
  { name: 'Access-Control-Expose-Headers', value: '*' },
  { name: 'Timing-Allow-Origin', value: '*' },
];

/** The same for an answer of our own. */
export const CORS_HEADERS = Object.fromEntries(CORS.map(({ name, value }) => [name, value]));

/** Lines for `http { … }`. What comes from behind with the same name is hidden: nothing is there twice. */
export const headerLines = (own: readonly OwnHeader[]): string =>
  [...CORS, ...own]
    .flatMap(({ name, value }) => [
      `  proxy_hide_header ${name};`,
      `  add_header ${name} "${value}" always;`,
    ])
    .join('\n');

/** Line for a server block: the question a browser asks before a request of a page with own headers. */
export const PREFLIGHT = '    if ($request_method = OPTIONS) { return 204; }';
