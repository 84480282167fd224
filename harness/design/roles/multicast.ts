// The sender of the head-end: takes the programme from its link and sends it to a group a channel.

import { z } from 'zod';
import { mapping, name, rateKbps } from '../../fields/fields.ts';
import type { GroupAddress, MulticastStage } from '../../model/scenario.ts';
import { role, type AskedStage, type StageMistake } from '../role.ts';

/** Numbers without a leading zero, which some programs take for octal. */
const GROUP =
  /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?::(\d{1,5}))?$/;

/** RFC 5771: 224/4 is multicast, and 224.0.0/24 stays on a link for the protocols of routers. */
function whyNoGroup(text: string): string | undefined {
  const [, ...numbers] = GROUP.exec(text)?.map(Number) ?? [];
  const [a = 0, b, c] = numbers;
  const port = numbers[4];
  if (numbers.length === 0 || numbers.slice(0, 4).some((byte) => byte > 255))
    return 'expected the address of a group such as 239.255.42.1 or 239.255.42.1:5000';
  if (a < 224 || a > 239)
    return `${text} is no group: expected one of 224.0.1.0 to 239.255.255.255`;
  if (a === 224 && b === 0 && c === 0)
    return `${text} is kept for routing protocols: expected a group such as 239.255.42.1`;
  if (port !== undefined && !Number.isNaN(port) && (port < 1024 || port > 65_535))
    return 'expected a port of 1024 to 65535';
  return undefined;
}

const group = z
  .string({ error: 'expected the address of a group such as 239.255.42.1:5000' })
  .superRefine((text, context) => {
    const message = whyNoGroup(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .describe('Address of a group, with a port where the system is not to choose one.');

const keys = {
  groups: z
    .record(name('Name of a channel.'), group, {
      error: 'expected a mapping from channel to group',
    })
    .describe('The group of each channel; 239.255.42.1 and so on where not said.')
    .prefault({}),
  repair: mapping('It keeps what it sent, repairs what boxes miss, and bursts to those that zap.', {
    budget: rateKbps(
      'Bit rate for what is sent to single boxes: repair of lost datagrams, and bursts for those that zap.',
    ).prefault('4M'),
  }).optional(),
};

export const multicast = role<MulticastStage, typeof keys>({
  role: 'multicast',
  word: 'Sends the programme to set-top boxes, one group a channel.',
  about: 'Sends the programme to set-top boxes by UDP multicast, one group a channel.',
  follows: ['playout', 'transcoder', 'multicast'],
  connects: 'the one before',
  inputs: 'one',
  transports: ['udp'],
  protocols: ['repair'],
  carriesPicture: true,
  carriesFrames: true,
  perChannel: true,
  servesViewers: false,
  count: [0, Infinity],
  program: 'multicast',
  memoryMb: 256,
  commands: [],
  tells: [
    ...(['bytesIn', 'bytesOut', 'quietInMs', 'datagramsIn', 'datagramsOut', 'lagInMs'] as const),
    ...(['datagramsLost', 'datagramsTwice', 'datagramsLate', 'continuityErrors'] as const),
    ...(['tableErrors'] as const),
    ...(['datagramsRepaired', 'datagramsBurst'] as const),
  ],
  keys,
  read: ({ groups, repair }) => ({
    ...(repair && { repair: { budgetKbps: repair.budget } }),
    groups: Object.fromEntries(
      Object.entries(groups).map(([channel, text]) => [channel, readGroup(text)]),
    ),
  }),
  check: (asked) => [...strangeChannels(asked), ...sharedGroups(asked)],
});

function readGroup(text: string): GroupAddress {
  const [host = '', port] = text.split(':');
  return { host, ...(port !== undefined && { port: Number(port) }) };
}

const strangeChannels = ({ stage, channels }: AskedStage<MulticastStage>): StageMistake[] =>
  Object.keys(stage.groups)
    .filter((channel) => !channels.includes(channel))
    .map((channel) => ({
      key: 'groups',
      message: `no channel is called ${channel}; there are ${channels.join(', ')}`,
    }));

/** Two channels on one group and port arrive as one stream of both, also those of two senders. */
function sharedGroups({ stage, twins }: AskedStage<MulticastStage>): StageMistake[] {
  const taken = new Map(twins.flatMap((twin) => fixedGroups(twin, `${twin.name}.`)));
  return fixedGroups(stage, '').flatMap(([at, channel]) => {
    const other = taken.get(at);
    taken.set(at, channel);
    return other === undefined
      ? []
      : [{ key: 'groups', message: `${other} and ${channel} have one group and port, ${at}` }];
  });
}

/** The groups whose port the system does not choose, each with its channel. */
const fixedGroups = ({ groups }: MulticastStage, before: string): [at: string, of: string][] =>
  Object.entries(groups).flatMap(([channel, { host, port }]) =>
    port === undefined ? [] : [[`${host}:${port}`, `${before}${channel}`]],
  );
