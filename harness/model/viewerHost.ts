// The name under which a viewer of a wall asks for its media: by it requests are told apart.

/** `.internal` is reserved for private use and never delegated in the public DNS. */
export const VIEWER_DOMAIN = 'viewer.internal';

/** A DNS label: letters, digits and hyphens, 63 at most. */
export const hostLabel = (viewer: string): string =>
  viewer
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '') || 'viewer';

/** The label of the viewer that a Host header names; undefined for any other host. */
export function labelInHost(host: string): string | undefined {
  const [name = ''] = host.split(':');
  return name.endsWith(`.${VIEWER_DOMAIN}`) ? name.slice(0, -VIEWER_DOMAIN.length - 1) : undefined;
}
