// Leaves out what packages load and the command line never uses: a short command costs little more
// than Node itself. Where a package changes, it is loaded whole again and only slower.

import { registerHooks } from 'node:module';

/** yargs measures our help by graphemes; it is plain text, and the tables for them cost 50 ms. */
const PLAIN_WIDTH = 'data:text/javascript,export default (text) => text.length';
/** zod's messages in fifty languages, a file each; ours are all written by hand. */
const NO_LOCALES = 'data:text/javascript,';

registerHooks({
  resolve: (specifier, context, next) => {
    const { parentURL = '' } = context;
    const ofHelp =
      specifier === 'string-width' && /\/node_modules\/(?:yargs|cliui)\//.test(parentURL);
    const ofZod = specifier === '../locales/index.js' && parentURL.includes('/node_modules/zod/');
    if (!ofHelp && !ofZod) return next(specifier, context);
    return { url: ofHelp ? PLAIN_WIDTH : NO_LOCALES, format: 'module', shortCircuit: true };
  },
});
