// The journal of a run while it is played, with who watches it and the load of the machine.

import { systemClock } from '../kernel/clock.ts';
import type { HistoryRecord } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import { createRecorder, type Recorder } from '../run/recorder.ts';
import type { WorldOptions } from './world.ts';
import { readLoad } from '../kernel/load.ts';
import type { Emit } from '../model/world.ts';

/** Sees every record once it is in the journal; disposed of when the run is over. */
export interface Watcher extends Disposable {
  readonly record: (record: HistoryRecord) => void;
  /** Gets the warning about the machine that the journal begins with, before it is recorded. */
  readonly warn?: (text: string) => void;
}

export type Watch = (on: { readonly plan: Plan; readonly nowMs: () => number }) => Watcher;

interface RecordingOptions extends Pick<WorldOptions, 'plan' | 'folder' | 'startedAtEpochMs'> {
  readonly watch: Watch | undefined;
}

/** Disposing of it lets the watcher go, which sees everything until then. */
export interface Recording extends Disposable {
  readonly recorder: Recorder;
  readonly watcher: Watcher | undefined;
  /** Aborted when the journal cannot be written. */
  readonly stop: AbortController;
  /** Ends the journal, and the records of load. */
  readonly close: () => void;
}

export function startRecording(options: RecordingOptions): Recording {
  const { plan, folder, startedAtEpochMs, watch } = options;
  const stop = new AbortController();
  const watcher = watch?.({ plan, nowMs: () => systemClock.epochMs() - startedAtEpochMs });
  const recorder = createRecorder({
    file: folder.journal,
    startedAtEpochMs,
    clock: systemClock,
    onFailure: (error) => stop.abort(error),
  });
  if (watcher) recorder.subscribe(watcher.record);
  const load = watchLoad(recorder.emit);
  return {
    recorder,
    watcher,
    stop,
    close: () => {
      load[Symbol.dispose]();
      recorder.close();
    },
    [Symbol.dispose]: () => watcher?.[Symbol.dispose](),
  };
}

/** The peak of a short burst is seen, and the journal hardly grows. */
const SAMPLE_EVERY_MS = 2_000;

/** Samples how busy the machine is; nothing is recorded where a machine does not say. */
function watchLoad(emit: Emit): Disposable {
  let before = readLoad();
  const timer = setInterval(() => {
    const now = readLoad(before?.ticks);
    if (now) emit({ type: 'machine', ...now.load });
    before = now;
  }, SAMPLE_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
