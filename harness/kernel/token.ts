// Secrets of a run, for its Toxiproxy and for uploads. They go by the environment, which other users
// cannot read.

/** An import would load all that the module can do. */
const { randomBytes } = process.getBuiltinModule('node:crypto');

/** A Toxiproxy that finds a token in it asks for it at every call. */
export const TOKEN_VARIABLE = 'ECRAN_NOIR_TOXIPROXY_TOKEN';

export const freshToken = (): string => randomBytes(24).toString('base64url');

export const tokenHeader = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
