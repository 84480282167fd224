// Lists the programs to install beside Node: where each is, whether it can do what we need, and the
// distribution package that brings it.

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { allOrFirstError } from '../kernel/allOrFirstError.ts';
import { HarnessError } from '../model/errors.ts';
import { succeeds } from '../kernel/succeeds.ts';

export interface Tool {
  readonly name: 'ffmpeg' | 'nginx' | 'chromium' | 'xvfb' | 'ffprobe';
  readonly purpose: string;
  readonly package: string;
  readonly programs: readonly string[];
  /** Environment variable that names the program to use instead. */
  readonly variable: string;
}

export const TOOLS: readonly Tool[] = [
  {
    name: 'ffmpeg',
    purpose: 'makes, transcodes and packages the live channels',
    package: 'ffmpeg',
    programs: ['ffmpeg'],
    variable: 'ECRAN_NOIR_FFMPEG',
  },
  {
    name: 'nginx',
    purpose: 'is the origin and the edge cache',
    package: 'nginx-light',
    programs: ['nginx'],
    variable: 'ECRAN_NOIR_NGINX',
  },
  {
    name: 'chromium',
    purpose: 'runs the real players',
    package: 'chromium',
    programs: ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'],
    variable: 'CHROME_PATH',
  },
];

export const SCREEN_TOOLS: readonly Tool[] = [
  {
    name: 'xvfb',
    purpose: 'is the display that is recorded',
    package: 'xvfb',
    programs: ['Xvfb'],
    variable: 'ECRAN_NOIR_XVFB',
  },
  {
    name: 'ffprobe',
    purpose: 'tells the times of a recording',
    package: 'ffmpeg',
    programs: ['ffprobe'],
    variable: 'ECRAN_NOIR_FFPROBE',
  },
];

/** System administration programs are not in every user's PATH. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Absolute path of the tool, or undefined. */
export async function findTool(tool: Tool): Promise<string | undefined> {
  const named = process.env[tool.variable];
  if (named) return (await isProgram(named)) ? named : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS];
  for (const program of tool.programs)
    for (const folder of folders) {
      const path = join(folder, program);
      if (folder !== '' && (await isProgram(path))) return path;
    }
  return undefined;
}

/** An ability that a tool must have, asked of the tool itself. */
interface Ability {
  readonly tool: Tool['name'];
  readonly ask: readonly string[];
  /** Each must be found in what it answers. */
  readonly answers: readonly { readonly what: string; readonly pattern: RegExp }[];
}

export const SCREEN_ABILITIES: readonly Ability[] = [
  {
    tool: 'ffmpeg',
    ask: ['-hide_banner', '-devices'],
    answers: [{ what: 'the screen grabber x11grab', pattern: /\bx11grab\b/ }],
  },
];

const ABILITIES: readonly Ability[] = [
  {
    tool: 'ffmpeg',
    ask: ['-hide_banner', '-encoders'],
    answers: [
      { what: 'the H.264 encoder libx264', pattern: /\blibx264\b/ },
      { what: 'an AAC encoder', pattern: /\baac\b/ },
    ],
  },
  {
    tool: 'nginx',
    ask: ['-V'],
    answers: [{ what: 'the WebDAV module', pattern: /http_dav_module/ }],
  },
];

/**
 * Asks every tool whether it can do what is needed, before anything is started.
 * Throws TOOL_UNFIT. What a browser can decode is asked in its page.
 */
export async function requireFitTools(
  paths: Readonly<Record<string, string>>,
  abilities = ABILITIES,
): Promise<void> {
  const asking = abilities.map(async ({ tool, ask, answers }) => {
    const path = paths[tool];
    if (path === undefined) return;
    const { stdout, stderr } = await execa(path, ask, { timeout: 20_000, reject: false });
    const lacking = answers.filter(({ pattern }) => !pattern.test(stdout + stderr));
    if (lacking.length > 0) throw unfit(tool, path, lacking.map(({ what }) => what).join(' and '));
  });
  await allOrFirstError(asking);
}

function unfit(name: Tool['name'], path: string, what: string): HarnessError {
  const tool = TOOLS.find((it) => it.name === name);
  return new HarnessError('TOOL_UNFIT', `${path} lacks ${what}`, {
    target: name,
    hint: `install the distribution's package ${tool?.package ?? name}, or name another ${name} in ${tool?.variable ?? 'PATH'}`,
  });
}

/** Paths of all tools. Throws TOOL_MISSING naming every one that is not there, with the command that brings it. */
export async function requireTools(
  names: readonly Tool['name'][],
): Promise<Record<string, string>> {
  const wanted = [...TOOLS, ...SCREEN_TOOLS].filter(({ name }) => names.includes(name));
  const found = await Promise.all(
    wanted.map(async (tool) => ({ tool, path: await findTool(tool) })),
  );
  const missing = found.filter(({ path }) => path === undefined).map(({ tool }) => tool);
  if (missing.length > 0) throw missingTools(missing);
  return Object.fromEntries(found.map(({ tool, path }) => [tool.name, path as string]));
}

export function missingTools(missing: readonly Tool[]): HarnessError {
  const names = missing.map(({ name, purpose }) => `${name} (${purpose})`).join(', ');
  return new HarnessError('TOOL_MISSING', `not installed: ${names}`, {
    target: missing.map(({ name }) => name).join(', '),
    hint: `run \`ecran-noir setup${missing.some(isForScreen) ? ' --screen' : ''}\`, or install it yourself: ${installCommand(missing).join(' ')}`,
  });
}

const isForScreen = (tool: Tool): boolean => SCREEN_TOOLS.includes(tool);

/** The exact command that brings them on Debian and its kin. */
export const installCommand = (tools: readonly Tool[]): readonly string[] => [
  ...(process.getuid?.() === 0 ? [] : ['sudo']),
  'apt-get',
  'install',
  '--yes',
  '--no-install-recommends',
  ...new Set(tools.map((tool) => tool.package)),
];

/** First line of what the tool says of its version; '' when it says nothing. */
export async function toolVersion(tool: Tool, path: string): Promise<string> {
  const flag = tool.name === 'chromium' ? '--version' : tool.name === 'nginx' ? '-v' : '-version';
  const { stdout, stderr } = await execa(path, [flag], { timeout: 20_000, reject: false });
  return (stdout || stderr).split('\n')[0]?.trim() ?? '';
}

const isProgram = (path: string): Promise<boolean> => succeeds(access(path, constants.X_OK));
