import type { Answer } from '@/domain/failure';
import { cursorSchema } from '@/domain/message';
import type { Extension, MemberId, Room } from '@/domain/room';
import { noticeAt } from '@/session/messages/notices';
import type { People } from '@/session/people/people';
import type { SessionContext } from '@/session/session-context';
import type { Proposal } from '@/session/steering';
import type { SteeringStores } from './start-steering';

/** The server counts who is here when an answer comes, and may hear later than this page that somebody is away. */
const REPEAT_MS = 3_000;

interface Extending {
  readonly answerExtension: (agree: boolean) => void;
  /** The room may be about to last longer. */
  readonly isUndecided: () => boolean;
}

/** Ten minutes more: what is proposed, and this member's answers to it. */
export function createExtension(context: SessionContext, stores: SteeringStores): Extending {
  const { room, clock, over } = context;
  const { people, act, log, proposal } = stores;
  let lapsing: ReturnType<typeof setTimeout> | undefined;
  const answering = createAnswering(context, stores);
  const repeating = createRepeating(context, people, answering, look);

  function look() {
    clearTimeout(lapsing);
    const standing = over.aborted ? undefined : room.get().extension;
    const left = standing === undefined ? 0 : standing.until - clock.now();
    if (standing === undefined || left <= 0) {
      repeating.stop();
      proposal.set(null);
      return;
    }
    lapsing = setTimeout(() => lapse(standing), left);
    const next = { ...standing, missing: missingFrom(people, standing) };
    if (!isSame(proposal.get(), next)) proposal.set(next);
    repeating.look(standing);
  }

  /** Nobody says so. */
  function lapse({ until }: Extension) {
    log.note([noticeAt(cursorSchema.parse(`${until}-0`), 'not-extended')]);
    room.change({ extension: undefined });
  }

  const stops = [room, people.list].map(({ subscribe }) => subscribe(look));
  over.addEventListener('abort', () => {
    for (const stop of stops) stop();
    look();
  });
  look();
  return {
    isUndecided: () => answering.isUnderWay() || room.get().extension !== undefined,
    answerExtension: (agree) => void act('extend', () => answering.answer(agree), look),
  };
}

const isSame = (one: Proposal | null, other: Proposal) =>
  one?.until === other.until &&
  one.agreed.join() === other.agreed.join() &&
  one.missing.join() === other.missing.join();

/** Those who have not answered, by the page's own list, in which whoever reads it is here. */
function missingFrom({ list }: Pick<People, 'list'>, { agreed }: Extension): readonly MemberId[] {
  const missing = list.get().filter(({ here, memberId }) => here && !agreed.includes(memberId));
  return missing.map(({ memberId }) => memberId);
}

interface Answering {
  readonly answer: (agree: boolean) => Promise<Answer<Room>>;
  readonly isUnderWay: () => boolean;
}

function createAnswering({ api, roomId, room, over }: SessionContext, { seatCheck }: SteeringStores): Answering {
  let underWay = 0;
  return {
    isUnderWay: () => underWay > 0,
    answer: async (agree) => {
      const end = room.get().expiresAt;
      underWay += 1;
      const answer = await room.take(api.extendRoom(roomId, agree, end), (changed) => changed);
      // The last one to agree may have been faster: what was wanted has come about.
      if (!answer.ok && answer.failure.reason === 'cannot_extend' && !over.aborted) await seatCheck.readRoom();
      underWay -= 1;
      return answer.ok || room.get().expiresAt === end ? answer : { ok: true, value: room.get() };
    },
  };
}

/** When all who are here have agreed because somebody left, which decides nothing by itself, one page has the server count again. */
function createRepeating({ self }: SessionContext, people: People, answering: Answering, onAnswer: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** The first of those who agreed and are here. */
  function isSpokesman({ agreed }: Extension): boolean {
    const here = new Set(people.list.get().flatMap((person) => (person.here ? person.memberId : [])));
    return agreed.find((memberId) => here.has(memberId)) === self;
  }

  const stop = () => clearTimeout(timer);
  return {
    stop,
    look: (standing: Extension) => {
      stop();
      const isComplete = missingFrom(people, standing).length === 0 && isSpokesman(standing);
      if (!isComplete || answering.isUnderWay()) return;
      timer = setTimeout(() => void answering.answer(true).then(onAnswer), REPEAT_MS);
    },
  };
}
