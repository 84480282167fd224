// A snapshot of the Direct Connect API as the access of a design.

import { parseDocument, type Document } from 'yaml';
import { HarnessError, badArgument } from '../model/errors.ts';
import { parseDesign } from '../scenario/load.ts';
import { unknownName } from '../scenario/suggest.ts';
import { countriesIn } from './countries.ts';
import { accessesIn, AWS, type Made } from './directConnect/accesses.ts';
import { readSnapshot } from './directConnect/snapshot.ts';
import type { MadeText, Importer, ImportInput } from './format.ts';

export const directConnect: Importer = { takes: ['country', 'over', 'bfd'], read };

function read({ files, design, name, options }: ImportInput): MadeText {
  const made = accessesIn(readSnapshot(files), {
    countryOf: countriesIn(options.country),
    bfd: options.bfd ?? false,
  });
  const document = parseDocument(design.text.replace(/^# yaml-language-server:.*\n/, ''));
  const carrying = carryingAccess(document, design.file);
  const over = chooseAccess(made, options.over);
  const remarks = [
    ...made.remarks,
    ...(over === undefined
      ? [
          `no link runs over an access yet: choose one with --over, or write links: (${namesIn(made)})`,
        ]
      : []),
    ...(options.bfd === undefined
      ? ['BFD is off: the snapshot does not say what your routers do; --bfd turns it on']
      : []),
  ];
  const accesses = made.accesses.map((access) => [
    access.name,
    { ...(access.name === over ? carrying : { links: {} }), paths: access.paths },
  ]);
  document.set('name', name);
  document.set('title', `${name}: access as a Direct Connect snapshot has it`);
  for (const key of ['description', 'cost']) document.delete(key);
  document.set('access', document.createNode(Object.fromEntries(accesses)));
  setSuppliers(document, made);
  document.commentBefore = remarks.map((remark) => ` ${remark}`).join('\n');
  const text = document.toString({ lineWidth: 100 });
  parseDesign(text, `${name}.yaml`);
  return { text, remarks };
}

const namesIn = ({ accesses }: Made): string => accesses.map(({ name }) => name).join(', ');

/** The links and the demand of the first access that links of the design run over. */
function carryingAccess(document: Document, file: string): object {
  const { access = {} } = document.toJS() as { access?: Record<string, { links?: object }> };
  const found = Object.values(access).find(({ links = {} }) => Object.keys(links).length > 0);
  if (found) return found;
  throw new HarnessError('SCENARIO_INVALID', `${file} has no access: which links run over it?`, {
    target: file,
    hint: 'name a --design whose access: has links:, such as dual-access-bgp',
  });
}

function chooseAccess(made: Made, wish: string | undefined): string | undefined {
  const names = made.accesses.map(({ name }) => name);
  if (wish === undefined) return names.length === 1 ? names[0] : undefined;
  if (names.includes(wish)) return wish;
  throw badArgument(
    '--over',
    `--over: ${unknownName('access', wish, names)}`,
    'name the access that the links of the design run over',
  );
}

/** A partner can carry nothing without the provider that it leads to. */
function setSuppliers(document: Document, { partners }: Made): void {
  if (partners.length === 0) return;
  if (!document.hasIn(['suppliers', AWS]))
    document.setIn(['suppliers', AWS], document.createNode({}));
  for (const partner of partners)
    document.setIn(['suppliers', partner], document.createNode({ reliesOn: [AWS] }));
}
