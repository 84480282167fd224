// The boot of a set-top box through a portal: it logs in, reads the guide, and asks for the rights of its
// channel. Once it is through it needs the portal no more.

import { errorMessage } from '../../harness/model/errors.ts';

export interface BootOptions {
  /** `http://host:port`. */
  readonly portal: string;
  readonly box: string;
  /** Number in the frame clock. */
  readonly channel: number;
  /** Ends it when it has taken too long, or when the box is switched off. */
  readonly signal: AbortSignal;
  readonly ask?: typeof fetch;
}

/** Rejects with an Error that says what the portal did not do. */
export async function bootThrough(options: BootOptions): Promise<void> {
  const { box, channel } = options;
  const { token } = await askPortal(options, 'login', {
    method: 'POST',
    body: JSON.stringify({ box }),
  });
  if (typeof token !== 'string') throw new Error('login: the answer has no token');
  const headers = { authorization: `Bearer ${token}` };
  await askPortal(options, `guide?channel=${channel}`, { headers });
  const { allowed } = await askPortal(options, `rights?channel=${channel}`, { headers });
  if (allowed !== true) throw new Error('rights: the box may not see its channel');
}

type Fields = Readonly<Record<string, unknown>>;

async function askPortal(
  { portal, signal, ask = fetch }: BootOptions,
  path: string,
  init: RequestInit,
): Promise<Fields> {
  const [what] = path.split('?');
  const answer = await ask(`${portal}/${path}`, { ...init, signal }).catch((error: unknown) => {
    throw new Error(`${what}: ${explainError(error)}`);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${what}: the portal answered ${answer.status}`);
  return (
    readFields(text) ?? fail(`${what}: the portal answered ${readType(answer)} instead of JSON`)
  );
}

/** The reason of a failed fetch is the cause of what it throws. */
const explainError = (error: unknown): string =>
  errorMessage(error instanceof Error && error.cause ? error.cause : error);

const readType = (answer: Response): string =>
  answer.headers.get('content-type')?.split(';')[0] ?? 'something';

function readFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function fail(message: string): never {
  throw new Error(message);
}
