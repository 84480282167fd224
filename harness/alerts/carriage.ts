// Defines a carriage: a way on which an alert goes to screens. One file each in carriages/, one line
// each in catalogue.ts.

import type { AlertCommand } from '../model/alert.ts';
import type { StageRole } from '../model/stages.ts';

export interface Carriage {
  /** Its name in a scenario. */
  readonly name: string;
  /** One sentence for the schema and the plan: where the alert gets into what viewers receive. */
  readonly about: string;
  /** The stages whose programs take it, by the first key of their command. */
  readonly role: StageRole;
  readonly command: AlertCommand;
  /** The players that show it; everyone who decodes a picture when not said. */
  readonly players?: readonly string[];
  /** Those of them whose virtual form shows it as the real one does; all when not said. */
  readonly virtually?: readonly string[];
  /** Beside the programme: where they ask the stage for it. Their area is put behind it. */
  readonly askedAt?: string;
}
