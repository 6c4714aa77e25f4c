import type { Readable } from '@/lib/store';
import type { Composer } from '@/session/messages/composer';
import type { LogStore } from '@/session/messages/transcript-store';
import { mutedBy } from '@/session/room-info';
import type { SessionContext } from '@/session/session-context';
import type { HeardSignals } from './heard-signals';
import type { Signalling } from './own-signals';
import { reportReading, type Saying } from './seen-report';
import type { Signal } from '@/domain/requests';

/** One who goes on writing says so again after this time. */
const TYPING_AGAIN_MS = 10_000;

/** What this page’s person looks at and writes. */
export interface Screen {
  readonly looking: Readable<boolean>;
  readonly composer: Readable<Composer>;
}

/** What this page shows of its person. A signal that fails is not repeated: the next one says all that matters. */
export function createSignalling(
  context: SessionContext,
  log: Pick<LogStore, 'get' | 'subscribe'>,
  heard: HeardSignals,
  { looking, composer }: Screen,
): Signalling {
  const { api, roomId, room, page, over, connection, sealedRoom, signalsWanted } = context;

  const may = (kind: keyof Signal) =>
    room.get().signals[kind] &&
    signalsWanted.get() &&
    connection.get().state === 'live' &&
    mutedBy(sealedRoom) === null &&
    !page.isOutdated() &&
    !over.aborted;
  const say = (signal: Signal) => void api.sendSignal(roomId, signal);

  const typing = createTyping(context, composer, {
    may: () => may('typing'),
    say: (isTyping) => say({ typing: isTyping }),
  });
  const stopReading = reportReading(context, log, heard, looking, {
    may: () => may('seen'),
    say: (seen) => say({ seen }),
  });
  return {
    typed: typing.typed,
    stop: () => {
      typing.stop();
      stopReading();
    },
  };
}

function createTyping(
  { signalsWanted }: SessionContext,
  composer: Readable<Composer>,
  { may, say }: Saying<boolean>,
): Signalling {
  /** When the others were last shown that one writes; null while one does not. */
  let shownAt: number | null = null;

  function end() {
    if (shownAt === null) return;
    shownAt = null;
    if (may()) say(false);
  }

  composer.subscribe(() => {
    // Sent, or emptied.
    if (composer.get().draft.trim() === '') end();
  });
  const unfollow = signalsWanted.subscribe(() => {
    if (!signalsWanted.get()) shownAt = null;
  });

  return {
    stop: unfollow,
    typed: (draft) => {
      const now = Date.now();
      if (draft.trim() === '' || !may() || (shownAt !== null && now - shownAt < TYPING_AGAIN_MS)) return;
      shownAt = now;
      say(true);
    },
  };
}
