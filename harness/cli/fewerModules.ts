// Leaves out what packages load and the command line never uses, and finds our own files without
// asking the disk: a short command costs little more than Node itself. Where a package changes, it
// is loaded whole again and only slower.

import { registerHooks } from 'node:module';
import { formatBeside, ZOD } from './knownFormat.ts';

/** yargs measures our help by graphemes; it is plain text, and the tables for them cost 50 ms. */
const PLAIN_WIDTH = 'data:text/javascript,export default (text) => text.length';
/** zod's messages in fifty languages, a file each; ours are all written by hand. */
const NO_LOCALES = 'data:text/javascript,';

const ROOT = new URL('../../', import.meta.url).href;
const OWN_END = import.meta.url.slice(-3);
/** Our outputs measure text that is nearly always plain, too. */
const LAZY: Readonly<Record<string, string>> = {
  'string-width': `./lazyWidth${OWN_END}`,
  'slice-ansi': `./lazySlice${OWN_END}`,
};

registerHooks({
  resolve: (specifier, context, next) => {
    const { parentURL = '' } = context;
    const ofHelp =
      specifier === 'string-width' && /\/node_modules\/(?:yargs|cliui)\//.test(parentURL);
    const ofZod = specifier === '../locales/index.js' && parentURL.includes(ZOD);
    if (ofHelp || ofZod)
      return { url: ofHelp ? PLAIN_WIDTH : NO_LOCALES, format: 'module', shortCircuit: true };
    const lazy = parentURL.startsWith(`${ROOT}reports/`) ? LAZY[specifier] : undefined;
    if (lazy !== undefined) return next(lazy, { ...context, parentURL: import.meta.url });
    // These are no links: their address is theirs without asking the disk.
    const format = specifier.startsWith('.') ? formatBeside(parentURL, specifier, ROOT) : undefined;
    if (format === undefined) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format, shortCircuit: true };
  },
});
