// One thing wrong with an access, for the loader to give a line to.

export interface AccessProblem {
  /** Property path below the access: `paths.connect-a.bgp.hold`. */
  readonly where: string;
  readonly text: string;
  readonly hint: string;
}

export const problem = (where: string, text: string, hint: string): AccessProblem => ({
  where,
  text,
  hint,
});
