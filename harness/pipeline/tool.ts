// Child processes of a stage: ffmpeg with raw pipes. They end when the stage does, however it
// ends, because every one of them reads from or writes to a pipe that the stage holds.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { HarnessError } from '../model/errors.ts';

export interface ToolOptions {
  /** Command or path. */
  readonly command: string;
  /** The purpose of the process, in logs and messages. */
  readonly name: string;
  readonly args: readonly string[];
  /** Directions of file descriptors 0, 1, 3, 4, … (2 is the log). */
  readonly pipes: readonly ('in' | 'out' | 'none')[];
  readonly log: (text: string) => void;
}

export interface Tool {
  readonly child: ChildProcess;
  /** Pipes of the child in the order of `pipes`; throws for one that is not of that direction. */
  readonly input: (index: number) => Writable;
  readonly output: (index: number) => Readable;
  /** Never rejects: how it ended, with its last words. */
  readonly exited: Promise<ToolExit>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface ToolExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The error that kept it from starting. */
  readonly error: Error | undefined;
  readonly lastLines: readonly string[];
}

const LAST_LINES = 10;
/** A decoder under packet loss complains about every macroblock; nobody reads more than this. */
const LOG_LINES_MAX = 500;

export function startTool(options: ToolOptions): Tool {
  const { command, args, name, pipes } = options;
  const [zero = 'none', one = 'none', ...more] = pipes;
  const child = spawn(command, args, {
    stdio: [zero, one, 'out', ...more].map((way) => (way === 'none' ? 'ignore' : 'pipe')),
  });
  const lastLines = collectLog(child, options);
  const exited = new Promise<ToolExit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error, lastLines }));
    child.once('close', (code, signal) => resolve({ code, signal, error: undefined, lastLines }));
  });
  const at = (index: number) => child.stdio[index < 2 ? index : index + 1];
  // A pipe that breaks is the child ending, which `exited` tells.
  pipes.forEach((way, index) => {
    if (way !== 'none') at(index)?.on('error', () => undefined);
  });
  const stream = (index: number, way: 'in' | 'out') => {
    const found = at(index);
    if (pipes[index] !== way || !found) throw new Error(`${name} has no pipe ${index} ${way}`);
    return found;
  };
  return {
    child,
    input: (index) => stream(index, 'in') as Writable,
    output: (index) => stream(index, 'out') as Readable,
    exited,
    kill: (signal) => void child.kill(signal),
  };
}

function collectLog(child: ChildProcess, { name, log }: ToolOptions): readonly string[] {
  const lines: string[] = [];
  let written = 0;
  if (!child.stderr) return lines;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
    if (++written <= LOG_LINES_MAX) log(`${name}: ${line}`);
    else if (written === LOG_LINES_MAX + 1) log(`${name}: (more lines not logged)`);
  });
  return lines;
}

/** Arguments as one would type them; not for paths, which may hold spaces. */
export const words = (text: string): string[] => text.split(' ');

/** The error that a tool's end means for its stage. */
export function toolError(name: string, command: string, exit: ToolExit): HarnessError {
  if (exit.error) {
    return new HarnessError('TOOL_MISSING', `${command} cannot be started: ${exit.error.message}`, {
      target: command,
      hint: `Install ${name} or name its path; \`ecran-noir setup\` does the former.`,
    });
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with code ${exit.code}`;
  return new HarnessError('STAGE_FAILED', [`${name} ${how}`, ...exit.lastLines].join('\n  '), {
    target: name,
  });
}

/** Runs a tool to its end and gives what it wrote, standard output and log together. */
export async function askTool(command: string, args: readonly string[], log: ToolOptions['log']) {
  const lines: string[] = [];
  const tool = startTool({
    command,
    args,
    name: command,
    pipes: ['none', 'out'],
    log: (text) => lines.push(text),
  });
  createInterface({ input: tool.output(1) }).on('line', (line) => lines.push(line));
  const exit = await tool.exited;
  if (exit.error) throw toolError(command, command, exit);
  if (exit.code !== 0) log(`${command} ${args.join(' ')} ended with code ${exit.code}`);
  return lines;
}

/** Rejects with TOOL_UNFIT when this ffmpeg cannot encode what every stage sends. */
export async function requireEncoders(command: string, log: ToolOptions['log']): Promise<void> {
  const encoders = await askTool(command, ['-hide_banner', '-encoders'], log);
  for (const encoder of ['libx264', 'aac']) {
    if (encoders.some((line) => line.trim().split(/\s+/)[1] === encoder)) continue;
    throw new HarnessError('TOOL_UNFIT', `${command} has no encoder ${encoder}`, {
      target: command,
      hint: `Install an ffmpeg built with ${encoder} (Debian's package has it) or name its path.`,
    });
  }
}
