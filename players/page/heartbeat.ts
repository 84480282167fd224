// Measures how late the page's own timer is: a machine that is too busy shows here first.

const BEAT_MS = 50;

export interface Heartbeat {
  /** Longest lateness since the last call, milliseconds. */
  take(): number;
  stop(): void;
}

export function startHeartbeat(): Heartbeat {
  let expectedMs = performance.now() + BEAT_MS;
  let lateMs = 0;
  const beat = (): void => {
    const now = performance.now();
    lateMs = Math.max(lateMs, now - expectedMs);
    expectedMs = now + BEAT_MS;
  };
  const timer = setInterval(beat, BEAT_MS);
  return {
    take: () => {
      // A beat that is due but has not run is late already.
      const late = Math.max(lateMs, performance.now() - expectedMs);
      lateMs = 0;
      return Math.round(late * 10) / 10;
    },
    stop: () => clearInterval(timer),
  };
}
