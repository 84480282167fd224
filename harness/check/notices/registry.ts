// Every form of notice, in the order in which a file is held against them. A new form is a file and
// a line.

import type { NoticeFormat } from './format.ts';
import { awsHealth } from './formats/awsHealth.ts';
import { calendar } from './formats/calendar.ts';
import { mail } from './formats/mail.ts';
import { parserJson } from './formats/parserJson.ts';
import { table } from './formats/table.ts';

export const NOTICE_FORMATS: readonly NoticeFormat[] = [
  calendar,
  awsHealth,
  parserJson,
  mail,
  table,
];
