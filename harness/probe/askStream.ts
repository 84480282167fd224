// Asks an address of anybody's for its playlist or manifest, as a page of another origin would: a
// sentence about what is wrong with it comes before a browser is started.

import { errorMessage, HarnessError } from '../model/errors.ts';
import { safeUrl } from '../model/safeUrl.ts';

/** Holds the words of a playlist or a manifest about its stream. */
export interface StreamSaid {
  readonly manifest: 'hls' | 'dash';
  /** The codecs of each rendition with a picture, as they stand there; none where nothing is said. */
  readonly codecs: readonly string[];
  /** The highest frame rate that is named. */
  readonly fps: number | undefined;
}

const ANSWER_MS_MAX = 15_000;
const BYTES_MAX = 4 * 1024 * 1024;

/** Rejects with STREAM_UNFIT for anything but a playlist of HLS or a manifest of DASH. */
export async function askStream(url: string, signal: AbortSignal): Promise<StreamSaid> {
  const { response, text } = await ask(url, signal);
  const shown = safeUrl(url) ?? url;
  const type = response.headers.get('content-type') ?? 'no content-type';
  if (!response.ok) throw unfit(`${shown} answers ${response.status}`, url);
  const said = readStream(text);
  if (!said && isPage(text))
    throw unfit(`${shown} answers a page (${type}), no playlist of HLS or manifest of DASH`, url);
  if (!said) throw unfit(`${shown} answers no playlist of HLS or manifest of DASH (${type})`, url);
  if (!response.headers.has('access-control-allow-origin'))
    throw new HarnessError(
      'STREAM_UNFIT',
      `${shown} forbids players of other pages: it answers without access-control-allow-origin`,
      {
        target: safeUrl(url) ?? url,
        hint: 'Let its server send that header (CORS), also with segments.',
      },
    );
  return said;
}

async function ask(url: string, signal: AbortSignal) {
  try {
    const response = await fetch(url, {
      headers: { origin: 'http://127.0.0.1' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return { response, text: await readStart(response) };
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw unfit(`${safeUrl(url) ?? url} does not answer: ${errorMessage(cause)}`, url);
  }
}

/** A segment or a film in place of a playlist is not read to its end. */
async function readStart({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > BYTES_MAX) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

const unfit = (message: string, url: string): HarnessError =>
  new HarnessError('STREAM_UNFIT', message, {
    target: safeUrl(url) ?? url,
    hint: 'Name the address of a playlist (.m3u8) or a manifest (.mpd), not of a page that plays it.',
  });

/** Undefined for text that is neither. */
export function readStream(text: string): StreamSaid | undefined {
  if (text.trimStart().startsWith('#EXTM3U')) {
    const renditions = text.split('\n').filter((line) => line.startsWith('#EXT-X-STREAM-INF:'));
    const codecs = renditions.flatMap((line) => /CODECS="([^"]+)"/.exec(line)?.[1] ?? []);
    return { manifest: 'hls', codecs: codecs.filter(hasPicture), fps: fpsIn(renditions) };
  }
  if (!/<MPD[\s>]/.test(text)) return undefined;
  const codecs = [...text.matchAll(/\scodecs="([^"]+)"/g)].map(([, named = '']) => named);
  const rates = [...text.matchAll(/\sframeRate="([\d/.]+)"/g)].map(([, rate = '']) => rate);
  return { manifest: 'dash', codecs: codecs.filter(hasPicture), fps: highest(rates) };
}

const isPage = (text: string): boolean => /<(?:!doctype\s+html|html|head|body)\b/i.test(text);

const PICTURE_CODECS = /\b(?:avc|hvc|hev|dvh|vvc|vp0?[89]|av0?1|mp4v)/;
const hasPicture = (codecs: string): boolean => PICTURE_CODECS.test(codecs);

const fpsIn = (renditions: readonly string[]): number | undefined =>
  highest(renditions.flatMap((line) => /FRAME-RATE=([\d.]+)/.exec(line)?.[1] ?? []));

/** Rates are numbers or, in DASH, fractions. */
function highest(rates: readonly string[]): number | undefined {
  const read = rates.map((rate) => {
    const [over = NaN, under = 1] = rate.split('/').map(Number);
    return over / under;
  });
  const known = read.filter((rate) => rate >= 1 && rate <= 240);
  return known.length > 0 ? Math.max(...known) : undefined;
}
