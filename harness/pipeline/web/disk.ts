// A disk that is full, as far as those who upload can tell: nothing more is stored, and the answer is
// 507 (RFC 4918, 11.5). What is there is served, and can be deleted, which gives no room: whatever
// fills the disk takes that as well. Nothing is really written, so that the machine stays as it was.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskCommand } from '../contract.ts';

export interface DiskFaultOptions {
  /** Lasts over the lives of the stage, as a full disk does. */
  readonly workDir: string;
  readonly note: (detail: string) => void;
  readonly log: (text: string) => void;
}

export interface DiskFault {
  /** Lines for nginx's server block. */
  readonly nginxLines: string;
  /** Throws an Error that says what is wrong with a command. */
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
}

export function diskFault({ workDir, note, log }: DiskFaultOptions): DiskFault {
  const marker = join(workDir, 'disk-full');
  let marking = Promise.resolve();
  return {
    nginxLines: `    set $room $request_method;
    if (-f ${marker}) { set $room "$room none"; }
    if ($room = "PUT none") { return 507; }`,
    command: (command) => {
      const { disk } = check(command);
      marking = marking
        .then(() => (disk === 'full' ? writeFile(marker, '') : rm(marker, { force: true })))
        .then(() => note(`disk: ${disk}`))
        .catch((error: unknown) => log(String(error)));
    },
  };
}

function check({ disk }: Readonly<Record<string, unknown>>): DiskCommand {
  if (disk !== 'full' && disk !== 'free') throw new Error('disk is not full or free');
  return { disk };
}
