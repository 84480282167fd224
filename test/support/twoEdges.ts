// A scenario of two channels and two edges, for tests of people: its viewers, fault and recovery vary.

const here = 'zone: z, operator: o, country: FR';

export const twoEdges = (viewers: string, fault: string, within: string): string => `
name: people
title: People
kind: drill
seed: 7
design:
  name: two-edges
  title: Two edges
  channels: [one, two]
  media: { picture: 320x180, fps: 25, contribution: 800k, segment: 2s, playlist: 6, ladder: [320x180@350k] }
  stages:
    playout: { role: playout, ${here} }
    transcoder: { role: transcoder, ${here} }
    origin: { role: origin, ${here} }
    edge-a: { role: edge, ${here} }
    edge-b: { role: edge, ${here} }
  links: { connect-up: { from: playout, to: transcoder } }
viewers: ${viewers}
faults: [${fault}]
recover: { within: ${within} }
expect: [recovered == 100%]
`;
