// The smallest chain there can be, with one cut of it: steady a few seconds after its start, over a
// few seconds later. Left alone it passes, so that a fail is what was done to the harness.

const PLACE = 'zone: lab, operator: nobody, country: FR';

export const NAME = 'torture';

/** The first fault comes so long after the steady state, and lasts so long. */
export const scenarioText = (at: string, lasts: string): string => `
name: ${NAME}
title: Something happens to the harness
description: For tests.
kind: drill
design:
  name: small
  title: A small chain
  description: For tests.
  cost: low
  sources: {}
  channels: [one]
  media:
    { picture: 192x108, fps: 25, contribution: 400k, segment: 1s, playlist: 6, ladder: [192x108@150k] }
  stages:
    playout: { role: playout, ${PLACE} }
    transcoder: { role: transcoder, ${PLACE}, inputLoss: { repeat: 1s, black: 1s, then: black } }
    origin: { role: origin, ${PLACE} }
    edge: { role: edge, ${PLACE} }
  links:
    up: { from: playout, to: transcoder }
viewers: { count: 1 }
steady: { hold: 2s }
faults:
  - { name: cut, at: ${at}, for: ${lasts}, links: [up], cut: hold }
expect: [recovered == 100%]
`;
