import type { SessionContext } from '@/session/session-context';

/** When a server has gone, all its rooms come back at once; their roll calls are spread over this time. */
const ROLL_CALL_SPREAD_MS = 5_000;

/** Calls `read` when the line is back, as nobody knows how much was missed while it was down. */
export function readAfterReconnects({ connection, random, over }: SessionContext, read: () => void): void {
  let { state } = connection.get();
  let timer: ReturnType<typeof setTimeout> | undefined;
  connection.subscribe(() => {
    const before = state;
    ({ state } = connection.get());
    clearTimeout(timer);
    // A planned renewal does not come here: it resumes by its cursor, the stream begins with who is here, and nothing else
    // is asked for.
    if (state === 'live' && before !== 'connecting') timer = setTimeout(read, random() * ROLL_CALL_SPREAD_MS);
  });
  over.addEventListener('abort', () => clearTimeout(timer));
}
