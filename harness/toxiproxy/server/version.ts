// The version of Toxiproxy whose API this server speaks; clients compare it.

export const TOXIPROXY_VERSION = '2.12.0';
