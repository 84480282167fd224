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
    toUnixTime(): number;
  }

  const ICAL: {
    /** Throws for a line that is none. */
    readonly parse: { property(line: string): JcalProperty };
    readonly Component: { fromString(text: string): object };
    readonly Timezone: new (component: object) => object;
    readonly Time: {
      fromData(
        data: {
          readonly year: number;
          readonly month: number;
          readonly day: number;
          readonly hour: number;
          readonly minute: number;
          readonly second: number;
        },
        zone: object,
      ): Time;
    };
    readonly Duration: { fromString(text: string): { toSeconds(): number } };
  };
  export { ICAL as default };
}
