// CAP messages for tests, and the schema of the standard to hold our reader against.

import { readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

export interface CapWish {
  readonly identifier?: string;
  readonly sent?: string;
  readonly status?: string;
  readonly msgType?: string;
  /** Elements between scope and info. */
  readonly head?: string;
  readonly event?: string;
  readonly severity?: string;
  readonly effective?: string;
  readonly expires?: string;
  readonly headline?: string;
  readonly area?: string;
  readonly namespace?: string;
  readonly before?: string;
  /** In place of the whole element. */
  readonly info?: string;
}

export const capText = ({
  identifier = 'fr-76-0001',
  sent = '2025-09-12T22:25:00+02:00',
  status = 'Actual',
  msgType = 'Alert',
  head = '',
  event = 'Accident industriel',
  severity = 'Extreme',
  effective = '2025-09-12T22:25:00+02:00',
  expires = '2025-09-12T22:50:00+02:00',
  headline = 'Restez chez vous',
  area = '<area><areaDesc>Rouen</areaDesc><geocode><valueName>INSEE</valueName><value>76540</value></geocode></area>',
  namespace = 'urn:oasis:names:tc:emergency:cap:1.2',
  before = '',
  info = `<info><category>Safety</category><event>${event}</event><urgency>Immediate</urgency>
    <severity>${severity}</severity><certainty>Observed</certainty><effective>${effective}</effective>
    <expires>${expires}</expires><headline>${headline}</headline>${area}</info>`,
}: CapWish = {}): string => `<?xml version="1.0" encoding="UTF-8"?>
${before}<alert xmlns="${namespace}">
  <identifier>${identifier}</identifier><sender>prefecture@example.fr</sender><sent>${sent}</sent>
  <status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>${head}
  ${info}
</alert>
`;

/** True when the schema of the standard takes it. */
export function isValidCap(text: string): boolean {
  using schema = XmlDocument.fromString(readFileSync('test/support/cap/CAP-v1.2.xsd', 'utf8'));
  using validator = XsdValidator.fromDoc(schema);
  try {
    using document = XmlDocument.fromString(text);
    validator.validate(document);
    return true;
  } catch {
    return false;
  }
}
