import type { Answer, Failure } from '@/domain/failure';
import { TALK_OFFER_MS, TALK_OFFERS_MAX } from '@/domain/limits';
import { ROOM_LIFETIME_SECONDS_DEFAULT, ROOM_LIFETIME_SECONDS_MAX } from '@/domain/room-limits';
import type { MemberId, Room } from '@/domain/room';
import { makeWhisperId } from '@/crypto/whispers';
import { createStore } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Confidant, Confiding } from './confidants';
import type { Ask, AskState, PrivateRoom, PrivateTalkParts, TalkPeople, Talks } from './private-talk';
import { repeat } from './repeating';
import type { After } from './timers';
import type { Whispered } from './whispered';

/** What the page knows of one ask. */
interface Asking {
  readonly to: MemberId;
  readonly over: AbortController;
  state: AskState;
  failure: Failure | null;
  room: PrivateRoom | null;
  confidant: Confidant | null;
  /** The offer that was whispered, and what became of whispering it. */
  offer: { readonly id: string; readonly passedOn: Promise<Answer<true>> } | null;
  /** This person has gone to the room: it is theirs to end. */
  isEntered: boolean;
}

/** In these the room is worth going to. */
const OPEN: readonly AskState[] = ['waiting', 'opened'];

/** Failures that say something of the person. */
const STATES: Readonly<Partial<Record<Failure['reason'], AskState>>> = { member_away: 'away', not_found: 'left' };

interface AskedTalks extends Pick<Talks, 'asks' | 'ask' | 'enter' | 'dismiss'> {
  readonly stop: () => void;
  readonly take: (from: MemberId, said: Extract<Whispered, { kind: 'answer' }>) => void;
}

/** What becomes of asking each person. */
function createAskList({ over, onRefused, report }: Pick<SessionContext, 'over' | 'onRefused' | 'report'>) {
  const asks = createStore<readonly Ask[]>([]);
  const all = new Map<MemberId, Asking>();

  function show() {
    const shown = [...all.values()].map(({ to, state, room, failure }) => ({
      to,
      state,
      path: OPEN.includes(state) ? (room?.path ?? null) : null,
      failure,
    }));
    if (!over.aborted) asks.set(shown);
  }

  /** The whisper that says so may have been lost: whoever is in the room has opened it. */
  async function closeUnlessMet(one: Asking, room: PrivateRoom) {
    if (!(await room.isMet())) {
      room.close();
      return;
    }
    one.state = 'opened';
    one.failure = null;
    show();
  }

  /** Nobody waits any more. A room to which nobody went ends, unless the other one is there. */
  function settle(one: Asking, state: AskState, failure: Failure | null = null) {
    if (one.state !== 'waiting') return;
    one.state = state;
    one.failure = failure;
    one.over.abort();
    one.confidant?.forget();
    show();
    if (one.room === null || one.isEntered || state === 'opened') return;
    if (state === 'declined') one.room.close();
    else void closeUnlessMet(one, one.room).catch(report);
  }

  /** The other page takes the offer off the screen. It has to hear that after the offer. */
  async function withdraw({ confidant, offer, state }: Asking) {
    if (state !== 'waiting' || confidant === null || offer === null) return;
    const passedOn = await offer.passedOn;
    if (passedOn.ok) await confidant.whisper({ kind: 'withdrawn', id: makeWhisperId(), re: offer.id });
  }

  return {
    asks,
    all,
    show,
    settle,
    /** The last of all. */
    add: (one: Asking) => {
      all.delete(one.to);
      all.set(one.to, one);
      show();
    },
    drop: (one: Asking) => {
      if (all.get(one.to) === one) all.delete(one.to);
      show();
    },
    fail: (one: Asking, failure: Failure) => {
      const state = STATES[failure.reason] ?? 'failed';
      settle(one, state, state === 'failed' ? failure : null);
      onRefused(failure);
    },
    /** Takes the offer back where nobody has answered it yet. */
    end: (one: Asking, state: AskState) => {
      void withdraw(one);
      settle(one, state);
    },
  };
}

/** Makes the room, and offers it. */
async function offerRoom(
  { room }: Pick<SessionContext, 'room'>,
  list: ReturnType<typeof createAskList>,
  confiding: Confiding,
  openRoom: PrivateTalkParts['openRoom'],
  one: Asking,
  after: After,
): Promise<void> {
  const { signal } = one.over;
  const begun = await confiding.begin(one.to, signal);
  if (begun === null) return;
  if ('failure' in begun) {
    if (begun.failure === 'unverified') list.settle(one, 'unverified');
    else list.fail(one, begun.failure);
    return;
  }
  one.confidant = begun.confidant;
  const made = signal.aborted ? null : await openRoom(lifetimeLike(room.get()));
  if (made?.ok === false) list.fail(one, made.failure);
  if (made?.ok !== true || signal.aborted) {
    if (made?.ok) made.value.close();
    begun.confidant.forget();
    return;
  }
  one.room = made.value;
  const { roomId, secret } = made.value;
  const id = makeWhisperId();
  const offer = () => begun.confidant.whisper({ kind: 'room', id, roomId, secret });
  const passedOn = offer();
  // The answer may be here before the server has said that it passed the offer on.
  one.offer = { id, passedOn };
  const answer = await passedOn;
  if (!answer.ok) list.fail(one, answer.failure);
  else repeat(after, () => one.state === 'waiting', offer);
  list.show();
}

/** The private talks that this page has asked for, one for each person. */
export function createAsking(
  context: SessionContext,
  people: TalkPeople,
  confiding: Confiding,
  { openRoom }: Pick<PrivateTalkParts, 'openRoom'>,
  after: After,
): AskedTalks {
  const { over, self, report } = context;
  const list = createAskList(context);
  const { asks, all, add, settle, end, drop } = list;
  const find = (memberId: MemberId) => people.list.get().find((person) => person.memberId === memberId);

  function begin(one: Asking) {
    after(TALK_OFFER_MS, () => end(one, 'no-answer'));
    offerRoom(context, list, confiding, openRoom, one, after)
      .then(() => {
        // From then on the way leads nowhere.
        if (one.room !== null) after(one.room.leftMs, () => drop(one));
      })
      .catch((fault: unknown) => {
        report(fault);
        settle(one, 'failed', { reason: 'internal_error' });
      });
  }

  const stop = people.list.subscribe(() => {
    for (const one of all.values()) if (find(one.to) === undefined) settle(one, 'left');
  });

  return {
    asks,
    stop,
    ask: (to) => {
      const person = find(to);
      const waiting = [...all.values()].filter(({ state }) => state === 'waiting');
      if (to === self || person === undefined || over.aborted) return;
      if (all.get(to)?.state === 'waiting' || waiting.length >= TALK_OFFERS_MAX) return;
      const one = beginning(to);
      add(one);
      if (person.here) begin(one);
      else settle(one, 'away');
    },
    enter: (to) => {
      const one = all.get(to);
      if (one === undefined) return;
      one.isEntered = true;
      if (one.state === 'opened') drop(one);
    },
    dismiss: (to) => {
      const one = all.get(to);
      if (one === undefined) return;
      end(one, 'declined');
      drop(one);
    },
    take: (from, { re, answer }) => {
      const one = all.get(from);
      if (one?.offer?.id !== re) return;
      settle(one, answer);
      // They meet there.
      if (answer === 'opened' && one.isEntered) drop(one);
    },
  };
}

const beginning = (to: MemberId): Asking => ({
  to,
  over: new AbortController(),
  state: 'waiting',
  failure: null,
  room: null,
  confidant: null,
  offer: null,
  isEntered: false,
});

/** As long as the room in which they are, and no shorter than an ordinary one. */
function lifetimeLike({ createdAt, expiresAt }: Pick<Room, 'createdAt' | 'expiresAt'>): number {
  const seconds = Math.round((expiresAt - createdAt) / 1_000);
  return Math.min(ROOM_LIFETIME_SECONDS_MAX, Math.max(ROOM_LIFETIME_SECONDS_DEFAULT, seconds));
}
