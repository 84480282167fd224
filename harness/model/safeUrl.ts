// Addresses that may be shown to anybody.

/**
 * An address without user, password, query and fragment, where signed links carry their secrets.
 * Undefined for what is no address of the web.
 */
export function safeUrl(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return undefined;
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
