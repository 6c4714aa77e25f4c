import * as z from 'zod/mini';
import { roomIdSchema, timestampSchema, type Room, type RoomId } from '@/domain/room';
import { readJson, tryToKeep, type TabStorage } from '@/lib/tab-storage';
import { SEATED_COOKIE, STAY_KEY } from './stay-names';
import type { PageContext } from './page-context';

/** What a browser notes while it is inside a room, and nothing that opens one. */
export interface StayNotes {
  /** `endsAt`: on this browser’s clock. */
  readonly keep: (roomId: RoomId, endsAt: number) => void;
  readonly drop: (roomId: RoomId) => void;
}

const staySchema = z.object({
  roomId: roomIdSchema,
  /** When the room ends, on this browser's clock, which is the one at hand when another page purges. */
  endsAt: timestampSchema,
  /** Names the room's entry in the tab's history, which alone has the link's secret. */
  entry: z.string(),
});
/** The room that this tab was in last. */
export type Stay = z.infer<typeof staySchema>;

export function recallStay(storage: TabStorage): Stay | null {
  return staySchema.safeParse(readJson(storage, STAY_KEY)).data ?? null;
}

export function forgetStay(storage: TabStorage): void {
  storage.removeItem(STAY_KEY);
}

/** Removes the note of a room that has ended; every page load does. */
export function purgeStay(storage: TabStorage, now: number): void {
  if (storage.getItem(STAY_KEY) !== null && (recallStay(storage)?.endsAt ?? 0) <= now) forgetStay(storage);
}

/**
 * A cookie for the room's own pages, so that the server draws no door for a member who reloads (the seat's cookie goes to the API
 * alone), and a note in the tab, by which the front page offers the way back. To be called in the browser only.
 */
export function browserStay(storage: TabStorage): StayNotes {
  return {
    keep: (roomId, endsAt) => {
      setSeatedCookie(roomId, endsAt);
      const entry = 'navigation' in window ? window.navigation.currentEntry?.key : undefined;
      if (entry !== undefined) tryToKeep(storage, STAY_KEY, JSON.stringify({ roomId, endsAt, entry } satisfies Stay));
    },
    drop: (roomId) => {
      setSeatedCookie(roomId, 0);
      if (recallStay(storage)?.roomId === roomId) forgetStay(storage);
    },
  };
}

/** Worth nothing to anybody else: it says that this browser was inside, and goes with the room. */
export function setSeatedCookie(roomId: RoomId, endsAt: number): void {
  const seconds = Math.max(0, Math.floor((endsAt - Date.now()) / 1_000));
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  // Lax, because a member who follows the link from elsewhere is a member, too.
  document.cookie = `${SEATED_COOKIE}=1; Path=/room/${roomId}; Max-Age=${seconds}; SameSite=Lax${secure}`;
}

/** This browser is inside, and its next page load of the room begins as a member's. */
export function noteSeated(context: PageContext, { expiresAt }: Room): void {
  const { environment, roomId, clock } = context;
  context.seated = true;
  environment.stay.keep(roomId, clock.toBrowserTime(expiresAt));
}

/** This browser has no seat, or none any more. */
export function noteUnseated(context: PageContext): void {
  context.seated = false;
  context.environment.stay.drop(context.roomId);
}
