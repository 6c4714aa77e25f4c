import * as z from 'zod/mini';
import { timestampSchema, type RoomId } from '@/domain/room';
import { keysOf, readJson, tryToKeep, type TabStorage } from '@/lib/tab-storage';
import type { SessionContext } from '@/session/session-context';

const PREFIX = 'mayfly:draft:';
/** Characters in a piece: as many as always fit into one sealed string. */
const PIECE_CHARACTERS = 1_000;

const keptDraftSchema = z.object({
  /** When the room ends, on this browser's clock. */
  endsAt: timestampSchema,
  /** In a sealed room each is sealed. */
  pieces: z.array(z.string()),
});

function piecesOf(draft: string): string[] {
  // Half a character cannot be sealed.
  const characters = Array.from(new TextDecoder().decode(new TextEncoder().encode(draft)));
  const count = Math.ceil(characters.length / PIECE_CHARACTERS);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS).join(''),
  );
}

/** Keeps what is being written until the page is loaded again: sealed in a sealed room, and in the tab's own storage. */
export async function keepDraft(context: SessionContext, draft: string): Promise<void> {
  const { storage, roomId, room, clock, voice } = context;
  // Without keys nothing can be sealed, and nothing is kept as it is.
  if (draft === '' || !voice.canSpeak) {
    forgetDraft(storage, roomId);
    return;
  }
  const pieces = await Promise.all(piecesOf(draft).map(voice.keep));
  const endsAt = clock.toBrowserTime(room.get().expiresAt);
  if (!context.over.aborted) tryToKeep(storage, PREFIX + roomId, JSON.stringify({ endsAt, pieces }));
}

/** Returns what was kept before this page was loaded, and forgets it. */
export async function recallDraft(context: SessionContext): Promise<string> {
  const { storage, roomId, voice } = context;
  const kept = keptDraftSchema.safeParse(readJson(storage, PREFIX + roomId));
  const pieces = kept.success ? await Promise.all(kept.data.pieces.map(voice.recall)) : [];
  forgetDraft(storage, roomId);
  return pieces.join('');
}

export function forgetDraft(storage: TabStorage, roomId: RoomId): void {
  storage.removeItem(PREFIX + roomId);
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeDrafts(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX)) {
    const kept = keptDraftSchema.safeParse(readJson(storage, key));
    if (!kept.success || kept.data.endsAt <= now) storage.removeItem(key);
  }
}
