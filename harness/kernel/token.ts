// Secrets of a run, for its Toxiproxy and for uploads. They go by the environment, which other users
// cannot read.

/** A Toxiproxy that finds a token in it asks for it at every call. */
export const TOKEN_VARIABLE = 'ECRAN_NOIR_TOXIPROXY_TOKEN';

/** The module, which takes 4 MB, is loaded where a token is made, and not where one is asked for. */
export const freshToken = (): string =>
  process.getBuiltinModule('node:crypto').randomBytes(24).toString('base64url');

export const tokenHeader = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
