// Describes who has power over a part of a design: suppliers, laws, technology, keys, labels.

/** The facts of a stage, path or service where its operator and country do not say it all. */
export interface Supply {
  /** Jurisdictions that its operator obeys: `FR`, `US`. Those of its supplier when not said. */
  readonly law?: readonly string[];
  /** The maker without whose updates and licences it ends one day. */
  readonly technology?: { readonly vendor: string; readonly country: string };
  /** Countries from which people with full rights reach it. */
  readonly adminFrom?: readonly string[];
  /** The one who can decipher what it holds; its operator when not said. */
  readonly keyHolder?: string;
  readonly label?: Label;
}

/** The place where a stage stands, so that "which supplier, which jurisdiction" can be asked. */
export interface Place extends Supply {
  readonly zone: string;
  readonly operator: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A claim that somebody made, with its proof; nothing is computed from it. */
export interface Label {
  readonly name: string;
  /** Where the claim can be read. */
  readonly source: string;
  /** ISO 8601. */
  readonly date: string;
}

/** A company behind operators, key holders and other suppliers. */
export interface Supplier {
  readonly name: string;
  readonly law?: readonly string[];
  /** The company that owns it: its law reaches further down. */
  readonly parent?: string;
  /** Other suppliers without whom it can do nothing. */
  readonly reliesOn?: readonly string[];
}

/** The kinds of data whose way is told apart. */
export const DATA_CLASSES = ['media', 'subtitles', 'keys', 'personal', 'logs', 'control'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** Something that stages need or send data to, and that no stage plays: keys, logs, licences, DNS. */
export interface Service extends Omit<Place, 'zone'> {
  readonly name: string;
  /** Stages that stop without it. */
  readonly neededBy: readonly string[];
  /** The stages that send it data of a class. */
  readonly takes: Readonly<Partial<Record<DataClass, readonly string[]>>>;
}

/** The part of a design that says who is behind it. */
export interface Supplied {
  readonly suppliers?: readonly Supplier[];
  readonly services?: readonly Service[];
  readonly residency?: readonly ResidencyScope[];
  readonly failures?: readonly FailureRate[];
}

/** The kinds of things that stages and paths share, and go away by together. */
export const LABEL_KINDS = [
  'stage',
  'service',
  'circuit',
  'device',
  'location',
  'zone',
  'operator',
  'country',
  'law',
  'technology',
] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

/** The rate at which something fails, with everything that shares it. */
export interface FailureRate {
  readonly kind: LabelKind;
  readonly name: string;
  /** Mean time from one failure to the next, and mean length of one. */
  readonly everyMs: number;
  readonly forMs: number;
}

/** A promise that data of some classes stays in some countries. */
export interface ResidencyScope {
  readonly name: string;
  readonly classes: readonly DataClass[];
  readonly countries: readonly string[];
}
