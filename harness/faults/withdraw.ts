// A supplier, a law, a technology or a label withdraws: the faults on stages, links and paths that
// this means in a design. The timeline has these faults, each proven like any other.

import type { z } from 'zod';
import { findRole } from '../design/roles.ts';
import { distinct, lawsOver, lawsOverCompany, suppliersBehind } from '../design/supply.ts';
import { choice, mapping, text } from '../fields/fields.ts';
import { oneOfEach } from '../fields/mapping.ts';
import type { Design, Disruption, Place, Service, Stage } from '../model/scenario.ts';
import type { HttpFault } from './http.ts';

/** The keys for who withdraws; exactly one of these. */
export const WITHDRAW_KEYS = ['operator', 'law', 'technology', 'label'] as const;

export const withdrawField = mapping(
  'A supplier withdraws: exactly one of operator, law, technology, label.',
  {
    operator: text('A supplier: with it goes everyone who relies on it.').optional(),
    law: text('A jurisdiction such as US: everyone whom it reaches.').optional(),
    technology: text('The vendor of a technology.').optional(),
    label: text('The name of a label.').optional(),
    manner: choice(
      'stop ends stages and darkens paths; refuse answers 403, closes links and withdraws routes; revoke-keys refuses what needs their keys.',
      ['stop', 'refuse', 'revoke-keys'],
    ),
  },
).meta(oneOfEach(WITHDRAW_KEYS));

export type Withdrawal = z.output<typeof withdrawField>;

type Company = Omit<Place, 'zone'>;

/** The faults that a withdrawal means, in the order in which they are told; none where it hits nothing. */
export function withdrawalFaults(withdrawal: Withdrawal, design: Design): readonly Disruption[] {
  const { manner } = withdrawal;
  const hits = (place: Company): boolean => namesFor(withdrawal, design, place);
  const revoked = manner === 'revoke-keys';
  const stages = design.stages.filter((stage) =>
    revoked
      ? listKeyHolders(stage, design).some(hits)
      : [stage, ...neededBy(stage, design)].some(hits),
  );
  if (manner === 'stop')
    return [...stopped(stages, design), ...paths(hits, stages, design, 'dark')];
  const refused = [...answering(stages, design), ...closed(stages, design)];
  return revoked ? refused : [...refused, ...paths(hits, [], design, 'withdrawn')];
}

/** Lists what the design has of that kind, for a message. */
export function withdrawable(withdrawal: Withdrawal, design: Design): readonly string[] {
  const { stages, services = [], accesses = [] } = design;
  const places = [...stages, ...services, ...accesses.flatMap((access) => access.paths)];
  return distinct(places.flatMap((place) => listLabels(place, design)[findKind(withdrawal)]));
}

const findKind = (withdrawal: Withdrawal): (typeof WITHDRAW_KEYS)[number] =>
  WITHDRAW_KEYS.find((who) => withdrawal[who] !== undefined) ?? 'operator';

const listLabels = (place: Company, design: Design) => ({
  operator: suppliersBehind(design, place.operator),
  law: lawsOver(design, place),
  technology: place.technology ? [place.technology.vendor] : [],
  label: place.label ? [place.label.name] : [],
});

function namesFor(withdrawal: Withdrawal, design: Design, place: Company): boolean {
  const kind = findKind(withdrawal);
  return listLabels(place, design)[kind].includes(withdrawal[kind] ?? '');
}

const neededBy = ({ name }: Stage, { services = [] }: Design): readonly Service[] =>
  services.filter((service) => service.neededBy.includes(name));

/** Those who hold the keys of a stage: its key holder, and services that it needs and sends keys to. */
function listKeyHolders(stage: Stage, design: Design): readonly Company[] {
  const services = neededBy(stage, design).filter(({ takes }) => takes.keys !== undefined);
  const { keyHolder } = stage;
  if (keyHolder === undefined) return services;
  const law = lawsOverCompany(design, keyHolder);
  return [
    ...services,
    { operator: keyHolder, country: stage.country, ...(law.length > 0 && { law }) },
  ];
}

const everywhere = ({ channels }: Design) => ({ channels, links: [] });
const named = (stages: readonly Stage[]) => stages.map(({ name }) => name);

function stopped(stages: readonly Stage[], design: Design): readonly Disruption[] {
  if (stages.length === 0) return [];
  return [{ kind: 'stage', does: 'stop', stages: named(stages), ...everywhere(design) }];
}

const answers = (stage: Stage): boolean => findRole(stage).commands.includes('http');

/** Stages that answer by HTTP refuse every request, and those that are put to every upload. */
function answering(stages: readonly Stage[], design: Design): readonly Disruption[] {
  const refuse = (of: HttpFault['match']['of'], those: readonly Stage[]): readonly Disruption[] =>
    those.length === 0
      ? []
      : [
          {
            kind: 'http',
            match: { of, rung: undefined, every: undefined, ratio: 1 },
            answer: { kind: 'status', status: 403 },
            stages: named(those),
            ...everywhere(design),
          },
        ];
  const http = stages.filter(answers);
  return [
    ...refuse('any', http),
    ...refuse(
      'upload',
      http.filter((stage) => findRole(stage).commands.includes('disk')),
    ),
  ];
}

/** A stage that answers nothing by itself is refused by its links. */
function closed(stages: readonly Stage[], design: Design): readonly Disruption[] {
  const silent = named(stages.filter((stage) => !answers(stage)));
  const links = design.links.filter(({ from, to }) => silent.includes(from) || silent.includes(to));
  if (links.length === 0) return [];
  const { channels } = design;
  return [{ kind: 'cut', effect: 'refuse', links: links.map(({ name }) => name), channels }];
}

/** Paths that still carry something: where an end of every link has stopped, nobody could tell. */
function paths(
  hits: (place: Company) => boolean,
  gone: readonly Stage[],
  { accesses = [], links }: Design,
  kind: 'dark' | 'withdrawn',
): readonly Disruption[] {
  const isLive = (name: string) =>
    links.some(
      (link) =>
        link.name === name && ![link.from, link.to].some((end) => named(gone).includes(end)),
    );
  const lost = accesses
    .filter((access) => access.links.some(({ link }) => isLive(link)))
    .flatMap((access) => access.paths.filter(hits).map(({ name }) => name));
  return lost.length === 0 ? [] : [{ kind: 'path', paths: lost, happens: { kind } }];
}
