import type { Answer } from '@/domain/failure';
import type { Extension, MemberId, Room } from '@/domain/room';
import { noticeAt } from '@/session/messages/notices';
import type { SessionContext } from '@/session/session-context';
import type { Proposal } from '@/session/steering';
import { cursorSchema } from '@/domain/message';
import type { SteeringStores } from './start-steering';

/** The server counts who is here when an answer comes, and may hear later than this page that somebody is away. */
const REPEAT_MS = 3_000;

/** Ten minutes more: what is proposed, and this member's answers to it. */
export function createExtension(
  context: SessionContext,
  { people, seatCheck, act, log, proposal }: SteeringStores,
): { readonly answerExtension: (agree: boolean) => void; readonly isUndecided: () => boolean } {
  const { api, roomId, room, clock, over, self } = context;
  let lapsing: ReturnType<typeof setTimeout> | undefined;
  let repeating: ReturnType<typeof setTimeout> | undefined;
  let isAnswering = false;
  let isRepeating = false;

  const answerWith = (agree: boolean): Promise<Answer<Room>> =>
    room.take(api.extendRoom(roomId, agree, room.get().expiresAt), (changed) => changed);

  async function answerOnce(agree: boolean): Promise<Answer<Room>> {
    const end = room.get().expiresAt;
    isAnswering = true;
    const answer = await answerWith(agree);
    // The last one to agree may have been faster: what was wanted has come about.
    if (!answer.ok && answer.failure.reason === 'cannot_extend' && !over.aborted) await seatCheck.readRoom();
    isAnswering = false;
    return answer.ok || room.get().expiresAt === end ? answer : { ok: true, value: room.get() };
  }

  /** Those who have not answered, by the page's own list, in which whoever reads it is here. */
  function missingFrom({ agreed }: Extension): readonly MemberId[] {
    const isMissing = ({ here, memberId }: { here: boolean; memberId: MemberId }) => here && !agreed.includes(memberId);
    return people.list
      .get()
      .filter(isMissing)
      .map(({ memberId }) => memberId);
  }

  /** The first of those who agreed and are here, whose page has the others counted again. */
  const isSpokesman = ({ agreed }: Extension) => {
    const here = new Set(people.list.get().flatMap((person) => (person.here ? person.memberId : [])));
    return agreed.find((memberId) => here.has(memberId)) === self;
  };

  function lookAgain(standing: Extension) {
    const isComplete = missingFrom(standing).length === 0 && isSpokesman(standing);
    if (!isComplete) clearTimeout(repeating);
    if (!isComplete || isAnswering || isRepeating) return;
    clearTimeout(repeating);
    repeating = setTimeout(() => void repeat(), REPEAT_MS);
  }

  /** Whoever had not answered has left, which decides nothing by itself. */
  async function repeat() {
    isRepeating = true;
    await answerWith(true);
    isRepeating = false;
    look();
  }

  function show(next: Proposal | null) {
    const before = proposal.get();
    const isSame =
      next !== null &&
      before?.until === next.until &&
      before.agreed.join() === next.agreed.join() &&
      before.missing.join() === next.missing.join();
    if (!isSame) proposal.set(next);
  }

  function look() {
    clearTimeout(lapsing);
    const standing = over.aborted ? undefined : room.get().extension;
    const left = standing === undefined ? 0 : standing.until - clock.now();
    if (standing === undefined || left <= 0) {
      clearTimeout(repeating);
      show(null);
      return;
    }
    lapsing = setTimeout(() => lapse(standing), left);
    show({ ...standing, missing: missingFrom(standing) });
    lookAgain(standing);
  }

  /** Nobody says so. */
  function lapse({ until }: Extension) {
    log.note([noticeAt(cursorSchema.parse(`${until}-0`), 'not-extended')]);
    room.change({ extension: undefined });
  }

  const stops = [room.subscribe(look), people.list.subscribe(look)];
  over.addEventListener('abort', () => {
    for (const stop of stops) stop();
    look();
  });
  look();
  return {
    isUndecided: () => isAnswering || room.get().extension !== undefined,
    answerExtension: (agree) =>
      void act(
        'extend',
        () => answerOnce(agree),
        () => undefined,
      ),
  };
}
