import type { Answer, Failure } from '@/domain/failure';
import {
  ROOM_LIFETIME_SECONDS_DEFAULT,
  ROOM_LIFETIME_SECONDS_MAX,
  TALK_OFFER_MS,
  TALK_OFFERS_MAX,
} from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import { makeWhisperId } from '@/crypto/whispers';
import { createStore } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Confidant, Confiding } from './confidants';
import type { Ask, AskState, PrivateRoom, PrivateTalkParts, TalkPeople, Talks } from './private-talk';
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
  offer: { readonly id: string; readonly told: Promise<Answer<true>> } | null;
  /** This person has gone to the room: it is theirs to end. */
  isEntered: boolean;
}

/** In these the room is worth going to. */
const OPEN: readonly AskState[] = ['waiting', 'opened'];

interface AskedTalks extends Pick<Talks, 'asks' | 'ask' | 'enter' | 'dismiss'> {
  readonly take: (from: MemberId, said: Extract<Whispered, { kind: 'answer' }>) => void;
}

/** The private talks that this page has asked for, one for each person. */
export function createAsking(
  context: SessionContext,
  people: TalkPeople,
  confiding: Confiding,
  { openRoom }: Pick<PrivateTalkParts, 'openRoom'>,
): AskedTalks {
  const { over, self } = context;
  const asks = createStore<readonly Ask[]>([]);
  const all = new Map<MemberId, Asking>();
  const find = (memberId: MemberId) => people.list.get().find((person) => person.memberId === memberId);

  function show() {
    const shown = [...all.values()].map(({ to, state, room, failure }) => ({
      to,
      state,
      path: OPEN.includes(state) ? (room?.path ?? null) : null,
      failure,
    }));
    if (!over.aborted) asks.set(shown);
  }

  /** Nobody waits any more. A room to which nobody went ends, unless the other one is there. */
  function settle(one: Asking, state: AskState, failure: Failure | null = null) {
    if (one.state !== 'waiting') return;
    one.state = state;
    one.failure = failure;
    one.over.abort();
    one.confidant?.forget();
    if (state !== 'opened' && !one.isEntered) one.room?.close();
    show();
  }

  function fail(one: Asking, failure: Failure) {
    const states: Partial<Record<Failure['reason'], AskState>> = { member_away: 'away', not_found: 'left' };
    const state = states[failure.reason] ?? 'failed';
    settle(one, state, state === 'failed' ? failure : null);
    context.onRefused(failure);
  }

  /** The other page takes the offer off the screen. What is withdrawn has to be heard after what was offered. */
  async function withdraw({ confidant, offer, state }: Asking) {
    if (state !== 'waiting' || confidant === null || offer === null) return;
    const told = await offer.told;
    if (told.ok) await confidant.whisper({ kind: 'withdrawn', id: makeWhisperId(), re: offer.id });
  }

  async function run(one: Asking) {
    const { signal } = one.over;
    const begun = await confiding.begin(one.to, signal);
    if (begun === null) return;
    if ('failure' in begun) {
      if (begun.failure === 'unverified') settle(one, 'unverified');
      else fail(one, begun.failure);
      return;
    }
    one.confidant = begun.confidant;
    const made = signal.aborted ? null : await openRoom(lifetimeLike(context));
    if (made?.ok === false) fail(one, made.failure);
    if (made?.ok !== true || signal.aborted) {
      if (made?.ok) made.value.close();
      begun.confidant.forget();
      return;
    }
    one.room = made.value;
    const { roomId, secret, leftMs } = made.value;
    const id = makeWhisperId();
    const told = begun.confidant.whisper({ kind: 'room', id, roomId, secret });
    // The answer may be here before the server has said that it passed the offer on.
    one.offer = { id, told };
    const answer = await told;
    if (!answer.ok) fail(one, answer.failure);
    // From then on the way leads nowhere.
    later(leftMs, () => drop(one), over);
    show();
  }

  function drop(one: Asking) {
    if (all.get(one.to) === one) all.delete(one.to);
    show();
  }

  /** Takes the offer back where nobody has answered it yet. */
  function end(one: Asking, state: AskState) {
    void withdraw(one);
    settle(one, state);
  }

  const unfollow = people.list.subscribe(() => {
    for (const one of all.values()) if (find(one.to) === undefined) settle(one, 'left');
  });
  over.addEventListener('abort', unfollow);

  return {
    asks,
    ask: (to) => {
      const person = find(to);
      const waiting = [...all.values()].filter(({ state }) => state === 'waiting');
      if (to === self || person === undefined || over.aborted) return;
      if (all.get(to)?.state === 'waiting' || waiting.length >= TALK_OFFERS_MAX) return;
      const one = beginning(to);
      // At the end, where a newcomer is looked for.
      all.delete(to);
      all.set(to, one);
      show();
      if (!person.here) {
        settle(one, 'away');
        return;
      }
      later(TALK_OFFER_MS, () => end(one, 'no-answer'), over, one.over.signal);
      run(one).catch((fault: unknown) => {
        context.report(fault);
        settle(one, 'failed', { reason: 'internal_error' });
      });
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
function lifetimeLike({ room }: Pick<SessionContext, 'room'>): number {
  const { createdAt, expiresAt } = room.get();
  const seconds = Math.round((expiresAt - createdAt) / 1_000);
  return Math.min(ROOM_LIFETIME_SECONDS_MAX, Math.max(ROOM_LIFETIME_SECONDS_DEFAULT, seconds));
}

/** Does something after a time, unless one of these is over first. */
function later(ms: number, work: () => void, ...over: readonly AbortSignal[]): void {
  const timer = setTimeout(work, ms);
  for (const signal of over) signal.addEventListener('abort', () => clearTimeout(timer));
}
