// Follows the engine's events of something long, a build or a pull, to its end. That it failed is
// one of the events: the stream itself ends as if all were well.

import type { EngineApi } from './engine.ts';

export interface ProgressEvent {
  readonly stream?: string;
  readonly status?: string;
  /** A bar, for a layer that is being fetched. */
  readonly progress?: string;
  readonly error?: string;
}

/** Rejects with the engine's own words. */
export function followProgress(
  { modem }: EngineApi,
  stream: NodeJS.ReadableStream,
  onEvent: (event: ProgressEvent) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: string | undefined;
    modem.followProgress(
      stream,
      (error: Error | null) => {
        if (error) reject(error);
        else if (failed !== undefined) reject(new Error(failed));
        else resolve();
      },
      (event: ProgressEvent) => {
        failed ??= event.error;
        onEvent(event);
      },
    );
  });
}
