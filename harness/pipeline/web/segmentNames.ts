// Names of CMAF segments at origins and edges: HLS lists them with their number and frame clock, DASH
// asks by their time alone, and both get the one file.

/** Lines of nginx's server block that lead from the name in HLS to the file: `1-2-t3.m4s` to `t3.m4s`. */
export const storedName = (): string => '    rewrite "^(/.+/)\\d+-(?:\\d+-)?(t\\d+\\.m4s)$" $1$2;';
