// Fetches a playlist and a segment in turn, many at once, and does nothing with them.

const [url = ''] = process.argv.slice(2);
const AT_ONCE = 16;

async function loop(): Promise<never> {
  for (;;) {
    const playlist = await fetch(`${url}/v0/index.m3u8`);
    await playlist.text();
    const segment = await fetch(`${url}/v0/1.ts`);
    await segment.arrayBuffer();
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, loop));
