import type { Voice } from '@/crypto/voice';
import { suggestName } from '@/domain/names';
import type { Room, Seat } from '@/domain/room';
import { nameFault } from '@/domain/text-rules';
import { recallName, rememberName } from '@/session/people/own-name';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { clearRoom, endRoom } from './ended';
import { forgetLostSeat, rememberLostSeat } from './lost-seat';
import type { PageContext, PageEnvironment } from './page-context';

/** Shows the room to a member. `newName` was just chosen; without one, the member goes by the name that this tab used last. */
export function enterRoom(context: PageContext, room: Room, seat: Seat, voice: Voice, newName?: string): void {
  const { environment, roomId, clock, screen } = context;
  const { storage } = environment;
  const left = context.leave();
  // Caches know the room from before.
  environment.forget(roomId);
  forgetLostSeat(storage, roomId);
  const session = createRunningSession(environment, {
    room,
    seat,
    voice,
    name: newName ?? usualName(environment),
    nameIsNew: newName !== undefined,
    clock,
    link: environment.address.link(),
    onEnd: (reason, draft) => {
      if (reason === 'removed' || reason === 'displaced') {
        const endsAt = clock.toBrowserTime(room.expiresAt);
        rememberLostSeat(storage, roomId, { endsAt, reason, keyless: !room.sealed });
      }
      endRoom(context, reason, draft);
    },
    onReseated: (draft) => {
      context.draft = draft;
      clearRoom(context);
      context.look();
    },
  });
  session.setDraft(context.draft);
  context.draft = '';
  context.session = session;
  left.addEventListener('abort', session.stop);
  session.start();
  screen.set({ state: 'inside', session });
}

/** Shows a page that comes back from the back/forward cache, once it is known that the seat still exists. */
export async function showAgain(context: PageContext, session: RunningSession): Promise<void> {
  const failure = await session.confirm();
  // The session may have ended meanwhile, or the page may show something else.
  if (context.session !== session) return;
  if (failure === null) context.screen.set({ state: 'inside', session });
  else context.screen.set({ state: 'unreachable', failure, draft: '', retry: () => void showAgain(context, session) });
}

/** The name that this tab used last, or a new one, which it uses from now on. */
export function usualName({ storage, random }: PageEnvironment): string {
  const recalled = recallName(storage);
  const name = recalled !== null && nameFault(recalled) === null ? recalled : suggestName(random);
  rememberName(storage, name);
  return name;
}
