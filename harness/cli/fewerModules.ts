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

registerHooks({
  resolve: (specifier, context, next) => {
    const { parentURL = '' } = context;
    const ofHelp =
      specifier === 'string-width' && /\/node_modules\/(?:yargs|cliui)\//.test(parentURL);
    const ofZod = specifier === '../locales/index.js' && parentURL.includes(ZOD);
    if (ofHelp || ofZod)
      return { url: ofHelp ? PLAIN_WIDTH : NO_LOCALES, format: 'module', shortCircuit: true };
    // These are no links: their address is theirs without asking the disk.
    const format = specifier.startsWith('.') ? formatBeside(parentURL, specifier, ROOT) : undefined;
    if (format === undefined) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format, shortCircuit: true };
  },
});
