// Defines a carriage: a way on which an alert goes to screens. One file each in carriages/, one line
// each in catalogue.ts.

import type { StageRole } from '../model/stages.ts';

export interface Carriage {
  /** Its name in a scenario. */
  readonly name: string;
  /** One sentence for the schema and the plan: where the alert gets into what viewers receive. */
  readonly about: string;
  /** The stages whose programs take it, by the first key of their command. */
  readonly role: StageRole;
  readonly command: 'alertsInPicture' | 'alertsInPlaylist';
}
