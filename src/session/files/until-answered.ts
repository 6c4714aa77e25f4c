import { SILENCE_MS } from '@/client/connection';
import { PAGE_RETRY } from '@/client/line';
import type { Answer, Failure } from '@/domain/failure';
import { createRetry } from '@/lib/retry';
import { isLineFault, isWaitReason } from '@/session/messages/outbox/refusals';
import type { SessionContext } from '@/session/session-context';

/** Tells a dead line from something on the way that lets a call never through, such as a proxy that takes no large bodies. */
export interface Patience {
  /** Whether the line is still to blame for a failure. */
  readonly hasFor: (failure: Failure) => boolean;
  /** Something got through. */
  readonly renew: () => void;
}

/** A dead line is taken for a live one until it has been silent for long enough; what fails for longer than that is refused on the way. */
export function createPatience({ connection }: Pick<SessionContext, 'connection'>): Patience {
  let since: number | null = null;
  return {
    renew: () => {
      since = null;
    },
    hasFor: ({ reason }) => {
      if (reason !== 'unreachable' || connection.get().state !== 'live') {
        since = null;
        return true;
      }
      since ??= Date.now();
      return Date.now() - since <= SILENCE_MS;
    },
  };
}

/** Repeats a call until it is answered by something that neither the line nor time will mend. Throws the signal's reason when it is stopped. */
export async function untilAnswered<T>(
  { connection, random }: SessionContext,
  stop: AbortSignal,
  call: () => Promise<Answer<T>>,
  { onWait }: { onWait?: () => void } = {},
): Promise<Answer<T>> {
  const retry = createRetry(PAGE_RETRY, random);
  const patience = createPatience({ connection });
  for (;;) {
    const answer = await call();
    stop.throwIfAborted();
    if (answer.ok) return answer;
    const isLine = isLineFault(answer.failure);
    if (isLine ? !patience.hasFor(answer.failure) : !isWaitReason(answer.failure.reason)) return answer;
    onWait?.();
    await new Promise<void>((resolve) => {
      const goOn = () => {
        retry.cancel();
        unsubscribe();
        stop.removeEventListener('abort', goOn);
        resolve();
      };
      const unsubscribe = connection.subscribe(() => {
        if (connection.get().state !== 'live') patience.renew();
        else if (isLine) goOn();
      });
      stop.addEventListener('abort', goOn);
      retry.schedule(goOn, (answer.failure.retryAfterSeconds ?? 0) * 1_000);
    });
    stop.throwIfAborted();
  }
}
