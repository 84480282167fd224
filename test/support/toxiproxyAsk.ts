// Sends a call to a Toxiproxy API as it stands, without a client that cleans paths or follows redirects.

import { request } from 'node:http';
import { comparable, type ApiCase, type RecordedAnswer } from './toxiproxyCalls.ts';

export function ask(port: number, { method, path, body }: ApiCase): Promise<RecordedAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', reject).once('end', () => {
        const { 'content-type': contentType = '', location = '' } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          body: comparable(text),
          contentType,
          location,
        });
      });
    });
    sent.once('error', reject);
    if (body !== undefined) sent.setHeader('Content-Length', Buffer.byteLength(body));
    sent.end(body);
  });
}

/** A session from a server without proxies to one without proxies. */
export async function askAll(
  port: number,
  session: readonly ApiCase[],
): Promise<readonly RecordedAnswer[]> {
  const answers: RecordedAnswer[] = [];
  for (const one of session) answers.push(await ask(port, one));
  const { body } = await ask(port, { method: 'GET', path: '/proxies' });
  for (const name of Object.keys(JSON.parse(body) as object)) {
    await ask(port, { method: 'DELETE', path: `/proxies/${encodeURIComponent(name)}` });
  }
  return answers;
}
