// The script of the page, made from page/main.ts and the players of the registry (.js once compiled).

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { HarnessError } from '../harness/model/errors.ts';
import type { PagePlayer } from './registry.ts';

export type Players = Readonly<Record<string, PagePlayer>>;

/** The page and its players as one script. */
export async function bundlePage(players: Players): Promise<string> {
  const folder = fileURLToPath(new URL('page', import.meta.url));
  const ending = ['ts', 'js'].find((one) => existsSync(join(folder, `main.${one}`)));
  if (ending === undefined) {
    throw new HarnessError('INTERNAL', 'players/page/main is not part of this installation');
  }
  const result = await build({
    stdin: { contents: pageEntry(players, ending), resolveDir: folder, loader: 'js' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

/** A script that opens the wall with the players by name. */
function pageEntry(players: Players, ending: string): string {
  const known = Object.entries(players);
  const imports = known.map(
    ([, { page }], i) =>
      `import { createPlayer as player${i} } from ${JSON.stringify(`./${page}.${ending}`)};`,
  );
  const names = known.map(([name], i) => `${JSON.stringify(name)}: player${i}`);
  return [
    `import './requests.${ending}';`,
    ...imports,
    `import { openWall } from './main.${ending}';`,
    `openWall({ ${names.join(', ')} });`,
  ].join('\n');
}
