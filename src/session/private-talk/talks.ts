import type { EventData } from '@/domain/events';
import { WHISPER_CHARACTERS_MAX, WHISPERS_HEARD_MAX, WHISPERS_WAITING_MAX } from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import type { SessionContext } from '@/session/session-context';
import { createAsking } from './asking';
import { createOffering } from './offering';
import { createPlainConfiding } from './plain-confiding';
import type { PrivateTalkParts, TalkPeople, Talks } from './private-talk';
import { createSealedConfiding } from './sealed-confiding';
import { createTimers } from './timers';

/** Asks others for private talks, and hears them ask. */
export function createTalks(context: SessionContext, people: TalkPeople, parts: PrivateTalkParts): Talks {
  const { over, sealedRoom, report, self, ignored } = context;
  const after = createTimers(over);
  const confiding =
    sealedRoom === null ? createPlainConfiding(context, after) : createSealedConfiding(context, sealedRoom);
  const { take: takeAnswer, stop, ...asked } = createAsking(context, people, confiding, parts, after);
  const { take: takeOffer, withdraw, close, ...offered } = createOffering(context, parts, after);
  over.addEventListener('abort', () => {
    stop();
    close();
    confiding.forget();
  });
  const isNew = createHeard();

  /** Whether what a member whispers is heard at all: not from nobody seated, nor from a removed or an ignored member. */
  const isWelcome = (from: MemberId) =>
    from !== self &&
    !ignored.members.get().has(from) &&
    sealedRoom?.isRemoved(from) !== true &&
    people.list.get().some(({ memberId }) => memberId === from);

  const isOver = () => over.aborted;

  async function hear(whisper: EventData<'member.whispered'>) {
    const { from, to } = whisper;
    await listed(people, over);
    if (isOver() || to !== self || !isWelcome(from)) return;
    const confided = await confiding.hear(whisper);
    if (isOver() || confided === null) return;
    const { said, confidant } = confided;
    if (!isNew(from, said.id)) return;
    if (said.kind === 'room') takeOffer(from, said, confidant);
    else if (said.kind === 'answer') takeAnswer(from, said);
    else withdraw(from, said.re);
  }

  /** One after the other: what is withdrawn was offered before. */
  let work = Promise.resolve();
  let waiting = 0;
  return {
    ...asked,
    ...offered,
    hear: (whisper) => {
      if (waiting >= WHISPERS_WAITING_MAX || whisper.text.length > WHISPER_CHARACTERS_MAX) return;
      waiting += 1;
      work = work
        .then(() => hear(whisper))
        .catch(report)
        .finally(() => (waiting -= 1));
    },
  };
}

/** Whether a whisper of a member is heard for the first time. */
function createHeard(): (from: MemberId, id: string) => boolean {
  const heard = new Map<MemberId, Set<string>>();
  return (from, id) => {
    const ids = heard.get(from) ?? new Set();
    if (ids.has(id) || ids.size >= WHISPERS_HEARD_MAX) return false;
    heard.set(from, ids.add(id));
    return true;
  };
}

/** Resolves once the list of people has been read, which says who is seated. */
function listed({ list }: TalkPeople, over: AbortSignal): Promise<void> {
  const isRead = () => list.get().length > 0;
  if (isRead()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (!isRead() && !over.aborted) return;
      unfollow();
      over.removeEventListener('abort', look);
      resolve();
    };
    const unfollow = list.subscribe(look);
    over.addEventListener('abort', look);
    look();
  });
}
