// Renders the evidence of the verdict: expectations, findings, the proof of every fault, pictures
// of the wall, and where the run and its numbers come from.

import type { FaultResult, ProofResult, Report, Verdict } from '../../harness/model/report.ts';
import { loadText } from '../../harness/model/machine.ts';
import { counted, formatAt, formatMs, NOTHING } from '../duration.ts';
import { observedText } from '../expectation.ts';
import { FINDING_WORD, VERDICT_MEANING } from '../legend.ts';
import type { Assets } from '../renderer.ts';
import { replayCommand } from '../replay.ts';
import { html, type Markup } from './markup.ts';
import { card, columnsFor, table } from './page.ts';

/** A verdict as a coloured word; `word` when another one says it better. */
export const chip = (verdict: Verdict, word: string = verdict): Markup =>
  label(verdict, `${VERDICT_MEANING[verdict].mark} ${word}`);

const label = (tone: Verdict | 'note', text: string): Markup =>
  html`<span class="${tone}"><span class="chip">${text}</span></span>`;

const findingChip = (verdict: Verdict): Markup => {
  const { mark, word } = FINDING_WORD[verdict];
  return label(verdict === 'pass' ? 'note' : verdict, `${mark} ${word}`);
};

const hinted = (text: string | undefined): Markup | undefined =>
  text ? html`<span class="hint">${text}</span>` : undefined;

export function expectationsCard({ expectations }: Report): Markup {
  const rows = expectations.map((result) => [
    html`<code>${result.text}</code>`,
    html`${observedText(result)}${hinted(result.reason)}`,
    chip(result.verdict),
  ]);
  const columns = columnsFor('expected', 'observed', 'verdict');
  const caption = 'Expectations of the scenario, and what was seen.';
  return card('Expectations', [
    rows.length > 0
      ? table({ caption, columns, rows })
      : html`<p class="soft">The scenario expects nothing.</p>`,
  ]);
}

export function findingsCard({ findings }: Report): Markup {
  const items = findings.map(
    ({ rule, verdict, text, atMs, hint }) =>
      html`<li>
        ${findingChip(verdict)}
        <code>${rule}</code
        >${atMs === undefined ? '' : ` at ${formatAt(atMs)}`}<br />${text}${hinted(hint)}
      </li>`,
  );
  return card('Findings', [
    items.length > 0
      ? html`<ul class="list">
          ${items}
        </ul>`
      : html`<p class="soft">Nothing else to know.</p>`,
  ]);
}

export function proofsCard({ faults, run }: Report): Markup | undefined {
  if (faults.length === 0) return undefined;
  const columns = columnsFor(
    'fault',
    'effect',
    'step',
    'link',
    ['at'],
    'witness',
    'observed',
    'proven',
  );
  const rows = faults.flatMap((fault) =>
    fault.proofs.length > 0 ? fault.proofs.map((p) => proofRow(fault, p)) : [unproven(fault)],
  );
  const simulated = run.engine === 'simulate';
  const caption = simulated
    ? 'The model did every fault by its numbers at the time of the plan. There was no traffic, and so no witness.'
    : 'A fault counts when a witness on the far side saw it, not when the call that made it returned.';
  const title = simulated ? 'Faults as the model did them' : 'Proof of every fault';
  return card(title, [table({ caption, columns, rows })], true);
}

/** The witness that simulations name. */
const MODEL = 'model';

const proofRow = (fault: FaultResult, proof: ProofResult): (Markup | string)[] => [
  faultName(fault),
  `${fault.kind}, ${fault.effect}`,
  proof.does,
  proof.link,
  formatAt(proof.atMs),
  proof.witness,
  proof.observed,
  proofWord(proof),
];

function proofWord({ proven, maskedBy, witness }: ProofResult): Markup {
  if (proven && witness === MODEL) return label('note', 'modelled');
  if (proven) return chip('pass', 'proven');
  return maskedBy === undefined ? chip('inconclusive', 'not proven') : label('note', 'masked');
}

const unproven = (fault: FaultResult): (Markup | string)[] => [
  faultName(fault),
  `${fault.kind}, ${fault.effect}`,
  NOTHING,
  fault.links.join(', '),
  fault.fromMs === undefined ? NOTHING : formatAt(fault.fromMs),
  fault.unasked ? 'not asked' : 'no witness',
  NOTHING,
  fault.unasked ? label('note', 'one of several') : chip('inconclusive', 'not proven'),
];

const faultName = (fault: FaultResult): string =>
  fault.channels.length > 0 ? `${fault.name} (${fault.channels.join(', ')})` : fault.name;

/** Base64 and nothing else: what is pasted into an address must not be able to end it. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function wallCard({ screenshots }: Report, { images }: Assets): Markup | undefined {
  if (screenshots.length === 0) return undefined;
  const figures = screenshots.map(({ moment, atMs, file }) => {
    const data = Object.hasOwn(images, file) ? images[file] : undefined;
    const picture =
      data !== undefined && BASE64.test(data)
        ? html`<img
            src="data:image/png;base64,${data}"
            alt="The wall of players ${moment} the fault, at ${formatAt(atMs)} of the run"
          />`
        : html`<p class="soft">Not embedded: ${file}</p>`;
    return html`<figure>
      ${picture}
      <figcaption class="small">
        <strong>${moment}</strong> <span class="soft">at ${formatAt(atMs)}</span>
      </figcaption>
    </figure>`;
  });
  return card('The wall of players', [html`<div class="wall">${figures}</div>`]);
}

export function provenanceCard(report: Report): Markup {
  const replay = replayCommand(report);
  const again = replay
    ? html`<p class="small soft">Play it again:</p>
        <code class="replay">${replay}</code>`
    : undefined;
  return card('Where this comes from', [
    again,
    definitions(circumstances(report)),
    ...headedList(
      'Sources',
      report.sources.map(({ id, text }) => html`<strong>${id}</strong> ${text}`),
    ),
    ...headedList(
      'Assumptions: numbers chosen without a source',
      report.assumptions.map((text) => html`${text}`),
    ),
  ]);
}

const definitions = (list: readonly (readonly [string, string])[]): Markup =>
  html`<dl class="provenance">
    ${list.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

const headedList = (heading: string, items: readonly Markup[]): Markup[] =>
  items.length === 0
    ? []
    : [
        html`<h3>${heading}</h3>
          <ul>
            ${items.map((item) => html`<li>${item}</li>`)}
          </ul>`,
      ];

function circumstances({ run, cutMs, faults, machine }: Report): [string, string][] {
  const { environment: at } = run;
  const tools = Object.entries(at.tools).map(([tool, version]) => `${tool} ${version}`);
  return [
    ['Run', run.id],
    ['Scenario', run.file === '' ? run.scenario : `${run.scenario} (${run.file})`],
    [
      'Kind, engine',
      `${run.kind}, ${run.engine === 'run' ? 'real processes and browsers' : 'simulated in virtual time'}`,
    ],
    ['Started', run.engine === 'run' ? run.startedAt : `${run.startedAt}, by virtual time`],
    [
      'Ended',
      `${run.ended} after ${formatMs(run.endedAtMs)}${run.endedDetail ? `: ${run.endedDetail}` : ''}`,
    ],
    ['Seed, compression', `${run.seed}, ${run.compress}x`],
    ['Faults', `${counted(faults.length, 'fault')}, cut for ${formatMs(cutMs)}`],
    ['Runtime', `${at.runtime} (${at.runtimeReason})`],
    ['Toxiproxy', at.toxiproxy],
    [
      'Machine',
      run.engine === 'run'
        ? `${at.platform}, ${counted(at.cores, 'core')}, ${at.memoryMb} MB, Node ${at.node}`
        : `any, Node ${at.node}`,
    ],
    ...(machine
      ? [
          [
            'How busy',
            `${loadText(machine.median, machine.cores)} at the median; ${loadText(machine.peak, machine.cores)} at the peak`,
          ] satisfies [string, string],
        ]
      : []),
    ['Tools', tools.join(', ') || NOTHING],
    ['Écran noir', run.harness],
  ];
}
