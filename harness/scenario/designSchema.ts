// The YAML shape of a design: the pipeline under test as stages joined by links.

import { z } from 'zod';
import type { Role } from '../design/role.ts';
import { ROLES } from '../design/roles.ts';
import { PROTOCOLS, TRANSPORTS } from '../model/scenario.ts';
import { accessSchema } from './accessSchema.ts';
import {
  failuresSchema,
  residencySchema,
  servicesSchema,
  suppliersSchema,
  supplyFields,
} from './supplySchema.ts';
import {
  byName,
  choice,
  count,
  country,
  cpus,
  mapping,
  memoryMb,
  name,
  rateKbps,
  rung,
  size,
  sources,
  span,
  text,
} from '../fields/fields.ts';

const place = {
  zone: name('Where it stands, such as head-end or cloud.'),
  operator: text('Who runs it.'),
  country: country('Country it stands in'),
  ...supplyFields,
  resources: mapping('The share of the machine that it may use, in the containers runtime.', {
    cpus: cpus(
      'Processor cores; half of one is 0.5. As many as there are when not said.',
    ).optional(),
    memory: memoryMb('Memory, such as 512MB; more ends the stage.').optional(),
  }).optional(),
};

const ofRole = ({ role, word, about, keys }: Role) =>
  mapping(about, { role: z.literal(role).describe(word), ...place, ...keys });

const roleNames = ROLES.map(({ role }) => role)
  .join(', ')
  .replace(/, (\w+)$/, ' or $1');
const [first, ...others] = ROLES.map(ofRole);
const stage = z.discriminatedUnion('role', [first as ReturnType<typeof ofRole>, ...others], {
  error: `expected a stage with role: ${roleNames}`,
});

const media = mapping('Picture, segments and ladder.', {
  picture: size('Size of the programme, width x height.'),
  fps: count('Pictures a second.', 5, 60),
  contribution: rateKbps('Bit rate of the feed from playout to transcoder.').prefault('800k'),
  segment: span('Length of a media segment.', '1m'),
  playlist: count('Segments in a live playlist.', 3, 100),
  container: choice('ts: transport streams, HLS; cmaf: fragmented MP4, HLS and DASH.', [
    'ts',
    'cmaf',
  ]).default('ts'),
  latency: choice(
    'low: HLS in parts of a segment, with playlists that are waited for; needs container: cmaf.',
    ['ordinary', 'low'],
  ).default('ordinary'),
  ladder: z
    .array(rung('Size and video bit rate of one rendition, such as 320x180@350k.'), {
      error: 'expected a list of rungs such as 320x180@350k',
    })
    .min(1, { error: 'expected at least one rung such as 320x180@350k' })
    .max(20, { error: 'expected at most 20 rungs' })
    .describe('Renditions, best first.'),
});

const link = mapping('A link that faults can act on.', {
  from: name('The stage that connects.'),
  to: name('The stage it connects to.'),
  transport: choice('The way it is carried; tcp when not said.', TRANSPORTS).optional(),
  protocol: choice(
    'srt: datagrams of a contribution that are lost are sent again; repair: no picture, but what single boxes ask a sender for. The transport of both is udp. messages: no picture, but what those who watch at a stage ask a portal for.',
    PROTOCOLS,
  ).optional(),
});

export const designSchema = mapping('A design: the pipeline under test.', {
  name: name('Short name; the file is called so.'),
  title: text('One line for people.'),
  description: text('The thing in the world that it stands for.').optional(),
  sources: sources.prefault({}),
  channels: z
    .array(name('Name of a channel.'), { error: 'expected a list of channel names' })
    .min(1, { error: 'expected at least one channel' })
    .max(62, { error: 'expected at most 62 channels (the frame clock counts no further)' })
    .meta({
      description: 'Channels; their order gives their number in the frame clock.',
      uniqueItems: true,
    }),
  media,
  stages: byName('a stage', stage, 'The stages, by name.'),
  links: byName(
    'a link',
    link,
    'The links that run through a proxy, by name; other hops are direct.',
  ),
  access: byName(
    'an access',
    accessSchema,
    'Redundancy groups, by name; a link in none has one path that never fails.',
  ).prefault({}),
  suppliers: suppliersSchema,
  services: servicesSchema,
  residency: residencySchema,
  failures: failuresSchema,
  cost: choice('The cost a month beside the other designs, in classes.', [
    'low',
    'medium',
    'high',
    'very high',
  ]).optional(),
});

export type DesignFile = z.output<typeof designSchema>;
