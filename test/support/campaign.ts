// The call of a campaign (fuzz, torture): its help, or what it is asked for, or why it cannot be.

import { errorMessage } from '../../harness/model/errors.ts';

export interface CampaignCall<Wishes> {
  /** Name of the npm script. */
  readonly name: string;
  readonly help: string;
  /** Throws for words that are no wishes. */
  readonly read: (words: readonly string[]) => Wishes;
  /** Gives the exit code. */
  readonly play: (wishes: Wishes) => Promise<number>;
}

/** Gives the exit code: 0 after the help, 64 for words that are no wishes, else what was played says. */
export async function callCampaign<Wishes>(
  words: readonly string[],
  { name, help, read, play }: CampaignCall<Wishes>,
): Promise<number> {
  if (words.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  let wishes: Wishes;
  try {
    wishes = read(words);
  } catch (error) {
    process.stderr.write(`error ${errorMessage(error)}\nhint: npm run ${name} -- --help\n`);
    return 64;
  }
  return play(wishes);
}
