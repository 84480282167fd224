// Makes a user's text fit for a message: short, on one line, with nothing that a terminal obeys.

const SHOWN_LENGTH_MAX = 60;

// Everything that moves a cursor, changes a colour or turns the direction of writing, and halves of
// characters, which no encoding can hold; lines stay lines.

const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/** Control characters as their codes, `\u001b`; line ends stay. */
export const visible = (text: string): string =>
  text.replace(OBEYED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The beginning of a long text, on one line. */
export const shortened = (text: string): string => {
  const signs = [...text.slice(0, 2 * SHOWN_LENGTH_MAX + 2).replaceAll('\n', '\\n')];
  return signs.slice(0, SHOWN_LENGTH_MAX).join('') + (signs.length > SHOWN_LENGTH_MAX ? '…' : '');
};
