import * as z from 'zod/mini';
import { textOf } from '@/domain/content';
import { timestampSchema } from '@/domain/room';
import { keysOf, parseJson, type TabStorage } from '@/lib/tab-storage';
import type { SessionContext } from '@/session/session-context';
import type { Writing } from './composer';
import type { Outbox } from './outbox/outbox';
import { isNothing, NOTHING_WRITTEN, readWritten, type Written } from './written';

const PREFIX = 'mayfly:draft:';
/** Characters in a piece: as many as always fit into one sealed string. */
const PIECE_CHARACTERS = 1_000;

const keptDraftSchema = z.object({
  /** When the room ends, on this browser's clock. */
  endsAt: timestampSchema,
  /** In a sealed room each is sealed. */
  pieces: z.array(z.string()),
});

const parseDraft = (value: string | null) => keptDraftSchema.safeParse(parseJson(value)).data ?? null;

export interface KeptDraft {
  /** Resolves once the draft of this moment is kept, where it is to be kept at all. */
  readonly keep: () => Promise<void>;
  /** Brings back what pages before this one have left, into an empty composer. */
  readonly recall: () => void;
}

/**
 * Keeps what is being written, and what it answers or edits: sealed in a sealed room, as the shelf keeps. In a plain room it lies nowhere, unless the page has to be
 * loaded again to go on: then the tab's storage has it, with the texts that wait, until it is.
 */
export function createKeptDraft(
  context: SessionContext,
  { composer, written, restore }: Pick<Writing, 'composer' | 'written' | 'restore'>,
  outbox: Pick<Outbox, 'subscribe' | 'unsealed' | 'messages'>,
  isOutdated: () => boolean,
): KeptDraft {
  const { room, shelf, voice, over, clock, report } = context;
  let kept = Promise.resolve();
  let isDue = false;
  /** What pages before left has not been looked for, or is being opened: an empty composer says nothing of it. */
  let isComing = true;

  function toKeep(): Written {
    if (!room.get().sealed)
      return isOutdated() ? written(outbox.messages().map(({ content }) => textOf(content))) : NOTHING_WRITTEN;
    // A message is the outbox's to keep once it is sealed; without keys nothing can be, and nothing is kept as it is.
    return voice.canSpeak ? written(outbox.unsealed()) : NOTHING_WRITTEN;
  }

  function text(): string {
    const left = toKeep();
    return isNothing(left) ? '' : JSON.stringify(left);
  }

  const isEmpty = () => isNothing(written([]));

  async function keepText() {
    isDue = false;
    const draft = text();
    const pieces = await Promise.all(piecesOf(draft).map(voice.keep));
    const endsAt = clock.toBrowserTime(room.get().expiresAt);
    // If it has changed meanwhile, it is kept as it is now.
    if (draft !== '' && !over.aborted && draft === text()) shelf.put('draft', JSON.stringify({ endsAt, pieces }));
  }

  /** One after the other, so the newest one is kept last. */
  function keep(): Promise<void> {
    if (over.aborted || isComing) return kept;
    if (text() === '') shelf.put('draft', null);
    else if (!isDue) {
      isDue = true;
      kept = kept.then(keepText).catch(report);
    }
    return kept;
  }

  async function open(value: string): Promise<void> {
    isComing = true;
    shelf.put('draft', value);
    try {
      const pieces = await Promise.all((parseDraft(value)?.pieces ?? []).map(voice.recall));
      if (!over.aborted && isEmpty()) restore(readWritten(pieces.join('')));
    } finally {
      isComing = false;
      void keep();
    }
  }

  const stops = [composer, outbox, room.ends].map(({ subscribe }) => subscribe(() => void keep()));
  over.addEventListener('abort', () => {
    for (const stop of stops) stop();
  });
  return {
    keep,
    recall: () => {
      isComing = false;
      shelf.adopt(
        'draft',
        (value) => void open(value).catch(report),
        () => !isComing && text() === '' && isEmpty(),
      );
      void keep();
    },
  };
}

function piecesOf(draft: string): string[] {
  // Half a character cannot be sealed.
  const characters = Array.from(new TextDecoder().decode(new TextEncoder().encode(draft)));
  const count = Math.ceil(characters.length / PIECE_CHARACTERS);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS).join(''),
  );
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeDrafts(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((parseDraft(storage.getItem(key))?.endsAt ?? 0) <= now) storage.removeItem(key);
}
