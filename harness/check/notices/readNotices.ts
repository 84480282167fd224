// A file of notices, whichever form it has; and what a file is that has none of them.

import { HarnessError } from '../../model/errors.ts';
import { decode } from './decode.ts';
import type { NoticeFile, NoticeText } from './format.ts';
import type { NoticeReading } from './notice.ts';
import { NOTICE_FORMATS } from './registry.ts';

/** A file that is no plan and no scenario: notices, or something that people have instead. */
export function seemsNotice(file: NoticeFile): boolean {
  const text = toText(file);
  return detectOtherKind(text) !== undefined || NOTICE_FORMATS.some(({ isIn }) => isIn(text));
}

/** @throws HarnessError SCENARIO_INVALID for a file in no form that is known, which says what it seems to be. */
export async function readNotices(file: NoticeFile): Promise<NoticeReading> {
  const text = toText(file);
  const other = detectOtherKind(text);
  const format = other ? undefined : NOTICE_FORMATS.find(({ isIn }) => isIn(text));
  if (format) return format.read(text);
  throw new HarnessError(
    'SCENARIO_INVALID',
    `${file.file} is ${other?.is ?? 'no notice in a known form'}`,
    {
      target: file.file,
      hint:
        other?.hint ??
        `check reads ${NOTICE_FORMATS.map(({ name }) => name).join(', ')}: docs/check.md`,
    },
  );
}

const toText = (file: NoticeFile): NoticeText => ({ ...file, text: decode(file.bytes) });

interface OtherKind {
  readonly begins: readonly number[] | RegExp;
  readonly is: string;
  readonly hint: string;
}

const ASK = 'ask the owner for the calendar (.ics), or write the window into a change plan';

const OTHER_KINDS: readonly OtherKind[] = [
  {
    begins: [0xd0, 0xcf, 0x11, 0xe0],
    is: 'a message of Outlook (.msg) or an old Office file',
    hint: 'save the mail as .eml, or its calendar as .ics',
  },
  {
    begins: [0x50, 0x4b, 0x03, 0x04],
    is: 'an archive or an Office file (.zip, .xlsx, .docx)',
    hint: 'unpack it; save a table as CSV and give --mapping',
  },
  { begins: [0x89, 0x50, 0x4e, 0x47], is: 'a picture (PNG)', hint: ASK },
  { begins: [0xff, 0xd8, 0xff], is: 'a picture (JPEG)', hint: ASK },
  { begins: [0x1f, 0x8b], is: 'a compressed file (gzip)', hint: 'unpack it first' },
  { begins: /^%PDF-/, is: 'a PDF', hint: ASK },
  { begins: /^\s*(?:<!doctype html|<html)/i, is: 'a web page', hint: ASK },
];

/** A file of a known kind that holds no notices for programs. */
const detectOtherKind = ({ bytes, text }: NoticeText): OtherKind | undefined =>
  OTHER_KINDS.find(({ begins }) =>
    begins instanceof RegExp
      ? begins.test(text)
      : begins.every((byte, index) => bytes[index] === byte),
  );
