// Who the browser runs as. Where we are root it gets a user of its own, that no account has, no right
// but to set priorities of its threads (as root it would; pictures are late without), and its sandbox.

import { execFile } from 'node:child_process';
import { chown as chownFile, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface BrowserUser {
  /** Program and arguments that end with the browser's; empty when it runs as we do. */
  readonly before: readonly string[];
  readonly sandbox: boolean;
  /** For people: `as user 61500, sandboxed`. */
  readonly description: string;
  /** The reason why it is root's, or has no sandbox; undefined when all is well. */
  readonly because?: string;
}

/** Users that systemd hands out to services without an account (DynamicUser, UIDS-GIDS.md). */
const FIRST_USER = 61_184;
const USERS = 4_336;
const ASK_MS_MAX = 5_000;

export interface UserOptions {
  readonly chrome: string;
  /** Made, and given to the user. */
  readonly profileDir: string;
  readonly uid?: number | undefined;
  readonly run?: (program: string, args: readonly string[]) => Promise<unknown>;
  readonly chown?: (path: string, user: number, group: number) => Promise<void>;
}

const runProgram = (program: string, args: readonly string[]): Promise<unknown> =>
  promisify(execFile)(program, [...args], { timeout: ASK_MS_MAX });

/** Chooses by trying: setpriv must be there, and the user must reach the browser and its folder. */
export async function chooseBrowserUser(options: UserOptions): Promise<BrowserUser> {
  const { chrome, profileDir, uid = process.getuid?.() } = options;
  const { run = runProgram, chown = chownFile } = options;
  await mkdir(profileDir, { recursive: true, mode: 0o700 });
  if (uid !== 0) return { before: [], sandbox: true, description: 'sandboxed' };
  const user = FIRST_USER + (process.pid % USERS);
  let because = 'setpriv cannot be run';
  for (const caps of ['-all,+sys_nice', '-all']) {
    // Puppeteer starts a path, no name.
    const before = ['/usr/bin/env', 'setpriv', ...rightsWords(user, caps), '--'];
    try {
      await chown(profileDir, user, user);
      const [program = '', ...args] = before;
      await run(program, [...args, 'sh', '-c', REACHES, 'sh', profileDir, chrome]);
      return { before, sandbox: true, description: `as user ${user}, sandboxed` };
    } catch (error) {
      because = explainError(error, user, chrome);
    }
  }
  await chown(profileDir, 0, 0).catch(() => undefined);
  return { ...AS_ROOT, because };
}

const AS_ROOT = { before: [], sandbox: false, description: 'as root, without sandbox' } as const;

const REACHES = 'test -w "$1" && test -x "$2"';

const rightsWords = (user: number, caps: string): readonly string[] => [
  `--reuid=${user}`,
  `--regid=${user}`,
  '--clear-groups',
  ...['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=${caps}`),
];

/** A program that says nothing is the question itself, answered with no. */
function explainError(error: unknown, user: number, chrome: string): string {
  const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
  if (code === 'ENOENT' || code === 127) return 'setpriv (util-linux) is not installed';
  const [said = ''] = stderr.trim().split('\n');
  if (code === 1 && said === '') return `user ${user} cannot reach ${chrome} or its profile`;
  return said || (message.split('\n')[0] ?? '');
}

/** The same user where the kernel has no sandbox for it. */
export const withoutSandbox = (user: BrowserUser): BrowserUser => ({
  ...user,
  sandbox: false,
  description: user.description.replace('sandboxed', 'without sandbox'),
  because:
    'it does not start with its sandbox here: the kernel, or the container we run in, lets no user namespace be made',
});
