import type { Deferred } from '@/lib/deferred';
import type { SessionContext } from '@/session/session-context';

export interface OwnSignals {
  /** The person has changed the draft. */
  readonly typed: (draft: string) => void;
}

export interface Signalling extends OwnSignals {
  readonly stop: () => void;
}

/**
 * The thin end of what signals. The part that does it is fetched once the line is up, before which nothing is signalled; whatever is typed until
 * it is there shows nobody that one writes.
 */
export function createOwnSignals<Part>(
  { connection }: Pick<SessionContext, 'connection'>,
  part: Deferred<Part>,
  begin: (part: Part) => Signalling,
): Signalling {
  let signalling: Signalling | undefined;
  const stops = [
    connection.subscribe(() => {
      if (connection.get().state === 'live') part.fetch();
    }),
    part.subscribe(() => {
      const there = part.get();
      if (there !== null) signalling = begin(there);
    }),
  ];
  return {
    typed: (draft) => signalling?.typed(draft),
    stop: () => {
      for (const stop of stops) stop();
      signalling?.stop();
    },
  };
}
