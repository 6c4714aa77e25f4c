import * as z from 'zod/mini';
import { roomPath } from '@/crypto/fragment';
import { makeWhisperId } from '@/crypto/whispers';
import { TALK_DECLINED_MS, TALK_OFFER_MS, TALK_OFFERS_MAX, TALK_OFFERS_PER_MEMBER } from '@/domain/limits';
import { memberIdSchema, type MemberId } from '@/domain/room';
import { createStore } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Confidant } from './confidants';
import { createPatience } from './patience';
import type { PrivateTalkParts, TalkChannel, TalkOffer, Talks } from './private-talk';
import { REPEAT_MS } from './repeating';
import type { After } from './timers';
import { answerSchema, offeredRoomSchema, whisperIdSchema, type OfferedRoom, type TalkAnswer } from './whispered';

/** All that the tabs of one browser say to each other about offers. */
const tabMessageSchema = z.discriminatedUnion('type', [
  /** In a plain room one tab alone has agreed on a key, and opened the offer. */
  z.object({ type: z.literal('offered'), from: memberIdSchema, room: offeredRoomSchema }),
  /** `isPassedOn`: the member who made the offer has the answer. */
  z.object({
    type: z.literal('answered'),
    from: memberIdSchema,
    id: whisperIdSchema,
    answer: answerSchema,
    isPassedOn: z.boolean(),
  }),
  z.object({ type: z.literal('withdrawn'), from: memberIdSchema, id: whisperIdSchema }),
]);
type TabMessage = z.infer<typeof tabMessageSchema>;

interface Offering extends TalkOffer {
  /** Null where another tab of this browser has the key. */
  readonly confidant: Confidant | null;
}

interface OfferedTalks extends Pick<Talks, 'offers' | 'answer'> {
  readonly take: (from: MemberId, room: OfferedRoom, confidant: Confidant) => void;
  readonly withdraw: (from: MemberId, id: string) => void;
  readonly close: () => void;
}

/** The private talks that this page is offered, one of each person: the newest. */
export function createOffering(
  { roomId, self, over, sealedRoom, ignored }: SessionContext,
  { openChannel }: Pick<PrivateTalkParts, 'openChannel'>,
  after: After,
): OfferedTalks {
  const offers = createStore<readonly Offering[]>([]);
  const isPatient = createPatience(TALK_OFFERS_PER_MEMBER);
  /** Until when a member who got "not now" for an answer gets it again. */
  const quiet = new Map<MemberId, number>();
  // The seat is in its name: a browser may have another one in the room by then.
  const { post, close } = openTabs(openChannel?.(`mayfly:private-talk:${roomId}:${self}`), (message) => {
    if (!over.aborted) takeFromTab(message);
  });
  const find = (from: MemberId, id: string) => offers.get().find((one) => one.from === from && one.id === id);
  const remove = (one: Offering) => offers.set(offers.get().filter((other) => other !== one));

  function add(from: MemberId, { id, roomId: offered, secret }: OfferedRoom, confidant: Confidant | null): boolean {
    const others = offers.get().filter((one) => one.from !== from);
    if (offered === roomId || others.length >= TALK_OFFERS_MAX || !isPatient(from)) return false;
    const one = { id, from, path: roomPath(offered, secret), confidant };
    offers.set([...others, one]);
    after(TALK_OFFER_MS, () => {
      one.confidant?.forget();
      remove(one);
    });
    return true;
  }

  function settle(one: Offering, answer: TalkAnswer, isPassedOn: boolean) {
    remove(one);
    if (answer === 'declined') quiet.set(one.from, Date.now() + TALK_DECLINED_MS);
    if (one.confidant === null) return;
    if (isPassedOn) one.confidant.forget();
    else void tell(after, one.confidant, one.id, answer);
  }

  function takeFromTab(message: TabMessage) {
    if (message.type === 'offered') {
      const { from, room } = message;
      if (find(from, room.id) === undefined) add(from, room, null);
      return;
    }
    const one = find(message.from, message.id);
    if (one === undefined) return;
    if (message.type === 'answered') settle(one, message.answer, message.isPassedOn);
    else remove(one);
  }

  const unfollow = ignored.members.subscribe(() =>
    offers.set(offers.get().filter(({ from }) => !ignored.members.get().has(from))),
  );

  return {
    offers,
    close: () => {
      unfollow();
      close();
    },
    take: (from, room, confidant) => {
      const isQuiet = Date.now() < (quiet.get(from) ?? 0);
      if (isQuiet && isPatient(from)) void tell(after, confidant, room.id, 'declined');
      else if (isQuiet || !add(from, room, confidant)) confidant.forget();
      else if (sealedRoom === null) post({ type: 'offered', from, room });
    },
    withdraw: (from, id) => {
      const one = find(from, id);
      if (one === undefined) return;
      one.confidant?.forget();
      remove(one);
      post({ type: 'withdrawn', from, id });
    },
    answer: (id, answer) => {
      const one = offers.get().find((offer) => offer.id === id);
      if (one === undefined) return;
      settle(one, answer, false);
      post({ type: 'answered', from: one.from, id, answer, isPassedOn: one.confidant !== null });
    },
  };
}

/** The other tabs of this browser. */
function openTabs(channel: TalkChannel | undefined, onMessage: (message: TabMessage) => void) {
  if (channel !== undefined)
    channel.onmessage = ({ data }) => {
      const message = tabMessageSchema.safeParse(data);
      if (message.success) onMessage(message.data);
    };
  return { post: (message: TabMessage) => channel?.postMessage(message), close: () => channel?.close() };
}

/** Twice: the first may be lost, and the one who asked would wait in vain. They hear it once, by its id. */
async function tell(after: After, confidant: Confidant, re: string, answer: TalkAnswer): Promise<void> {
  const said = { kind: 'answer', id: makeWhisperId(), re, answer } as const;
  await confidant.whisper(said);
  after(REPEAT_MS, () => void confidant.whisper(said).then(confidant.forget));
}
