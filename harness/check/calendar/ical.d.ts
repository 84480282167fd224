// The part of ical.js that is used: its package names its own types where TypeScript does not look.

declare module 'ical.js' {
  /** jCal (RFC 7265): name, parameters, type, values. */
  type JcalProperty = readonly [
    name: string,
    parameters: Readonly<Record<string, string | readonly string[]>>,
    type: string,
    ...values: readonly unknown[],
  ];

  interface Time {
    readonly year: number;
    readonly month: number;
    readonly day: number;
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
  }

  interface Recur {
    iterator(start: Time): { next(): Time | null | undefined };
  }

  const ICAL: {
    /** Throws for a line that is none. */
    readonly parse: ((text: string) => unknown) & { property(line: string): JcalProperty };
    readonly Recur: { fromString(text: string): Recur };
    readonly Time: { fromData(data: Time): Time };
    readonly Duration: { fromString(text: string): { toSeconds(): number } };
    readonly design: {
      readonly defaultSet: { readonly property: Readonly<Record<string, unknown>> };
    };
  };
  export { ICAL as default };
}
