// The application around the player asks for alerts beside the programme.

import type { ToldAlert } from '../../harness/model/alert.ts';

/** The time between two questions of an application; one without an answer is given up by then. */
const ASK_EVERY_MS = 2_000;

/** Asks again and again until the returned function is called; while nobody answers, nothing is told. */
export function askForAlerts(
  url: string,
  tell: (alerts: readonly ToldAlert[]) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const ask = () => {
    const request = new XMLHttpRequest();
    request.timeout = ASK_EVERY_MS;
    request.onload = () => {
      if (!over && request.status === 200)
        tell(JSON.parse(request.responseText) as readonly ToldAlert[]);
    };
    request.onloadend = () => {
      if (!over) timer = setTimeout(ask, ASK_EVERY_MS);
    };
    request.open('GET', url);
    request.send();
  };
  ask();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
