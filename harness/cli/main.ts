// The root of the command line, which `launch.js` starts.

const [command, ...words] = process.argv.slice(2);
// The server needs nothing of the command line, and there may be many of it: its program reads its words.
if (command === 'toxiproxy' && !words.includes('--help'))
  await (await import('../toxiproxy/runServer.ts')).runServer(words);
else {
  // Agents are over before it would help.
  if (command === 'simulate' && words.some((word) => word.endsWith('virtual-player')))
    (await import('../kernel/heap.ts')).markByOneThread();
  await import('./fewerModules.ts');
  await import('./commandLine.ts');
}
