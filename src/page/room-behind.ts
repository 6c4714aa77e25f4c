import { isGone } from '@/session/visit';
import { createMeasuredClock, timed, type ServerClock } from '@/session/server-clock';
import { browserApi } from './browser-api';
import { tabStorage } from './browser-storage';
import { forgetStay, recallStay } from './stay';

/** A living room in this tab's history, in which this browser has a seat. */
export interface RoomBehind {
  readonly expiresAt: number;
  readonly clock: ServerClock;
  /** Goes there; rejects when the history no longer leads there. */
  readonly goBack: () => Promise<void>;
}

/**
 * Finds the room that this tab came from, or null. The way back is the tab's own history, which alone has the link's secret, so it
 * has to lead there, and the server has to know the seat. To be called in the browser only, where there is a Navigation API.
 */
export async function findRoomBehind(): Promise<RoomBehind | null> {
  const storage = tabStorage();
  const stay = recallStay(storage);
  const leadsThere = () => window.navigation.entries().some(({ key }) => key === stay?.entry);
  if (stay === null || stay.endsAt <= Date.now() || !leadsThere()) return null;
  const { value: answer, at } = await timed(browserApi().readRoom(stay.roomId));
  if (!answer.ok) {
    if (isGone(answer.failure)) forgetStay(storage);
    return null;
  }
  const { you, expiresAt, now } = answer.value;
  if (you === null) return null;
  const clock = createMeasuredClock();
  clock.measure(now, at);
  return {
    expiresAt,
    clock: clock.now,
    goBack: async () => {
      // Not until it is finished: for another document that never comes.
      await window.navigation.traverseTo(stay.entry).committed;
    },
  };
}
