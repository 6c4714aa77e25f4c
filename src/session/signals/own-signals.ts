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
 * The thin end of what signals. The part that does it is fetched once the line is up, before which nothing is signalled. Once it is there, it
 * hears what was typed last until then.
 */
export function createOwnSignals<Part>(
  { connection }: Pick<SessionContext, 'connection'>,
  part: Deferred<Part>,
  begin: (part: Part) => Signalling,
): Signalling {
  let signalling: Signalling | undefined;
  let early = '';
  const stops = [
    connection.subscribe(() => {
      if (connection.get().state === 'live') part.fetch();
    }),
    part.subscribe(() => {
      const there = part.get();
      if (there === null) return;
      signalling = begin(there);
      signalling.typed(early);
      early = '';
    }),
  ];
  return {
    typed: (draft) => {
      if (signalling === undefined) early = draft;
      else signalling.typed(draft);
    },
    stop: () => {
      for (const stop of stops) stop();
      early = '';
      signalling?.stop();
    },
  };
}
