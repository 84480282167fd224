// Finds what is wrong with the graph of a design, each with the key of the design that is to blame.

import type { Design, Link, Stage } from '../model/scenario.ts';
import { placesToWatch, findRepairer } from './groups.ts';
import { carriesPicture, findHops, stagesBefore, stagesBehind, type Hop } from './hops.ts';
import { mayFollow, PICTURE_WAY, findRole, ROLES, rolesBefore, stagesWithRole } from './roles.ts';

export interface DesignMistake {
  /** Keys from the design on: `['links', 'connect-up']`. */
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/** Lists them; what a refused link leaves alone is not told as well. */
export function graphMistakes(design: Design): readonly DesignMistake[] {
  const ends = design.links.map((link) => findEnds(link, design));
  const ofLinks = ends.flatMap((end) => (end ? linkMistakes(end, design) : []));
  const ofInputs = [...inputMistakes(design), ...protocolMistakes(design)];
  const known = ends.every((end) => end !== undefined);
  const whole = known && ofLinks.length + ofInputs.length === 0;
  return [
    ...countMistakes(design),
    ...ofLinks,
    ...ofInputs,
    ...(whole ? [...loopMistakes(design), ...joinMistakes(design), ...shareMistakes(design)] : []),
  ];
}

function countMistakes({ stages }: Design): DesignMistake[] {
  return ROLES.flatMap(({ role, count: [least, most] }) => {
    const found = stages.filter((stage) => stage.role === role).map(({ name }) => name);
    if (found.length >= least && found.length <= most) return [];
    const atLeast = most > 1 ? 'at least' : least === 0 ? 'at most' : 'exactly';
    const message =
      `expected ${atLeast} one stage with role: ${role} (${PICTURE_WAY.join(' -> ')}), ` +
      `got ${found.join(' and ') || 'none'}`;
    const tooMany = found[most];
    return [{ at: tooMany === undefined ? ['stages'] : ['stages', tooMany], message }];
  });
}

/** A share of viewers goes to an edge that they are steered to. */
const shareMistakes = (design: Design): DesignMistake[] =>
  stagesWithRole(design, 'steering').flatMap((stage) => {
    const edges = stagesBefore(design, stage).map(({ name }) => name);
    const unknown = Object.keys(stage.shares ?? {}).filter((name) => !edges.includes(name));
    return unknown.map((name) => ({
      at: ['stages', stage.name, 'shares', name],
      message: `${stage.name} does not steer to ${name}; it steers to ${edges.join(', ')}`,
    }));
  });

interface LinkEnds {
  readonly link: Link;
  readonly from: Stage;
  readonly to: Stage;
}

/** Undefined where the design has no stage of that name, which is told of elsewhere. */
function findEnds(link: Link, { stages }: Design): LinkEnds | undefined {
  const [from, to] = [link.from, link.to].map((end) => stages.find(({ name }) => name === end));
  return from && to && { link, from, to };
}

function linkMistakes(ends: LinkEnds, design: Design): DesignMistake[] {
  const { link, from, to } = ends;
  if (link.protocol === 'messages') return messageMistakes(ends, design);
  const at = ['links', link.name];
  if (!carries(from, to)) return [{ at, message: cannotJoin(from, to) }];
  const { transport = 'tcp', protocol } = link;
  const { role, transports, protocols = [] } = findRole(to);
  if (protocol && !protocols.includes(protocol))
    return [{ at: [...at, 'protocol'], message: `no stage with role: ${role} takes ${protocol}` }];
  if (protocol && transport !== 'udp')
    return [
      { at: [...at, 'transport'], message: `protocol: ${protocol} goes with transport: udp` },
    ];
  if (protocol) return [];
  if (transports.includes(transport)) return [];
  const message = `expected transport: ${transports.join(' or ')}: no engine can carry ${transport} to a stage with role: ${role} yet, got ${transport}`;
  return [{ at: [...at, 'transport'], message }];
}

/** Messages come from a stage beside the picture, over TCP, to the viewers of a stage. */
function messageMistakes({ link, from, to }: LinkEnds, design: Design): DesignMistake[] {
  const at = ['links', link.name];
  const places = [...placesToWatch(design, false), ...placesToWatch(design, true)];
  const names = places.map(({ name }) => name).join(' or ');
  const first = design.links.find(
    (one) => one.protocol === 'messages' && one.from === link.from && one.to === link.to,
  );
  return [
    ...(isAside(from)
      ? []
      : [
          {
            at: [...at, 'from'],
            message: `viewers ask ${from.name} for no messages: expected a portal`,
          },
        ]),
    ...(places.includes(to)
      ? []
      : [{ at: [...at, 'to'], message: `nobody watches at ${to.name}: expected ${names}` }]),
    ...(link.transport === 'udp'
      ? [{ at: [...at, 'transport'], message: 'protocol: messages goes with transport: tcp' }]
      : []),
    ...(first && first !== link ? [{ at, message: `${first.name} is that way already` }] : []),
  ];
}

/** Neither passes the picture on nor tells viewers where it is. */
const isAside = (stage: Stage): boolean =>
  !findRole(stage).carriesPicture && !findRole(stage).servesViewers;

/** Tells whether the picture goes from the one to the other without a stage between them. */
const carries = (from: Stage, to: Stage): boolean =>
  findRole(to).carriesPicture && mayFollow(to, from) && from !== to;

function cannotJoin(from: Stage, to: Stage): string {
  const got = `expected a link along ${PICTURE_WAY.join(' -> ')}, got ${from.name} -> ${to.name}`;
  const aside = [from, to].find((stage) => !findRole(stage).carriesPicture);
  if (aside && isAside(aside))
    return `${got}: ${aside.name} has the role ${aside.role}: a link from it to where viewers watch needs protocol: messages`;
  if (aside)
    return `${got}: ${aside.name} has the role ${aside.role}, which asks its ${findRole(aside).follows.join('s and ')}s itself: leave the link out`;
  return carries(to, from) ? `${got}: write from: ${to.name}, to: ${from.name}` : got;
}

/** Refuses a second source for one input: it would overwrite what the first has sent. */
function inputMistakes(design: Design): DesignMistake[] {
  return design.stages.flatMap((stage) => {
    const { inputs } = findRole(stage);
    const into = findHops(design).filter(({ to }) => to === stage);
    return into.flatMap((hop, i) => {
      const before = into.slice(0, i);
      const twin = before.find(({ from }) => from === hop.from);
      if (twin && hop.link && inputs !== 'each link') return [twinMistake(hop, twin)];
      const [first] = before;
      const one = inputs === 'one' || (inputs === 'each link' && !hop.link);
      return first && one ? [secondSource(hop, first)] : [];
    });
  });
}

/** A stage listens for one sender by a protocol: it has one port. */
const protocolMistakes = (design: Design): DesignMistake[] =>
  design.links.flatMap((link, i) => {
    const { name, to, protocol } = link;
    if (protocol === 'messages') return [];
    const first = protocol && design.links.slice(0, i).find((one) => one.to === to && one.protocol);
    if (!first) return carriesPicture(link) ? [] : repairMistakes(link, design);
    const message = `${to} takes one link with protocol: ${protocol}, and ${first.name} is one`;
    return [{ at: ['links', name, 'protocol'], message }];
  });

/** Boxes of a sender are repaired by the nearest that repairs on the way to it. */
function repairMistakes({ name, from, to }: Link, design: Design): DesignMistake[] {
  const sender = design.stages.find((stage) => stage.name === to);
  const repairer = sender && findRepairer(design, sender);
  if (!sender || repairer?.name === from) return [];
  const message = repairer
    ? `boxes of ${to} are repaired by ${repairer.name}: write from: ${repairer.name}`
    : `nobody on the way to ${to} repairs: give ${from} repair: { budget: 4M }`;
  return [{ at: ['links', name, 'from'], message }];
}

const twinMistake = ({ link, from, to }: Hop, twin: Hop): DesignMistake => ({
  at: ['links', link?.name ?? ''],
  message: `${twin.link?.name} joins ${from.name} and ${to.name} already`,
});

const secondSource = ({ link, from, to }: Hop, first: Hop): DesignMistake =>
  link
    ? {
        at: ['links', link.name],
        message: `${to.name} takes what ${first.from.name} sends already: give each ${from.role} its own ${to.role}`,
      }
    : {
        at: ['links'],
        message: `expected a link from each ${from.role}${ownPartner(to)}: ${to.name} would take what ${first.from.name} and ${from.name} send`,
      };

/** A stage with an input for each link can take several; any other is there for one alone. */
const ownPartner = (to: Stage): string =>
  findRole(to).inputs === 'each link' ? ` to ${to.name}` : ` to its own ${to.role}`;

/** Finds links that lead back to where they come from, the last of each loop. */
function loopMistakes(design: Design): DesignMistake[] {
  const done = new Set<Stage>();
  const found: DesignMistake[] = [];
  const visit = (stage: Stage, way: readonly Stage[]): void => {
    if (done.has(stage)) return;
    for (const { to, link } of findHops(design).filter(({ from }) => from === stage)) {
      const loop = [...way, stage].slice([...way, stage].indexOf(to));
      if (![...way, stage].includes(to)) visit(to, [...way, stage]);
      else {
        const names = [...loop, to].map(({ name }) => name).join(' -> ');
        found.push({ at: ['links', link?.name ?? ''], message: `closes a loop: ${names}` });
      }
    }
    done.add(stage);
  };
  design.stages.forEach((stage) => visit(stage, []));
  return found;
}

/** A link to a role is the whole truth about it: a stage that no link joins there stands alone. */
function joinMistakes(design: Design): DesignMistake[] {
  const present = ROLES.filter(({ role }) => design.stages.some((stage) => stage.role === role));
  const behind = (stage: Stage) =>
    present.filter((role) => rolesBefore(role, present).includes(findRole(stage)));
  const alone = design.stages.filter((stage) => {
    const role = findRole(stage);
    const lacksInput =
      rolesBefore(role, present).length > 0 && stagesBefore(design, stage).length === 0;
    return lacksInput || (behind(stage).length > 0 && stagesBehind(design, stage).length === 0);
  });
  return alone.map(({ name }) => ({
    at: ['stages', name],
    message: `no link joins ${name} to the stages beside it, as links do its neighbours`,
  }));
}
