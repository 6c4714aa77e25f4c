import type { RoomApi } from '@/client/api';
import { PAGE_RETRY } from '@/client/line';
import { openCard, type Card, type NoCard } from '@/crypto/card';
import { FORMER_MEMBERS_ASKED_MAX } from '@/domain/limits';
import type { FormerMember } from '@/domain/member';
import type { MemberId, RoomId } from '@/domain/room';
import { createRetry } from '@/lib/retry';
import type { HeldKeys } from './key-ring';

/** `none`: the server has no card of such a member. */
export type CardOutcome = { readonly kind: 'opened'; readonly card: Card } | NoCard | { readonly kind: 'none' };

export interface Cards {
  /** The card of a member, whether they are seated or have left. It waits until the server has been asked. */
  readonly of: (memberId: MemberId) => Promise<CardOutcome>;
  /** Opens a card that the server shows for a member, unless it is known. */
  readonly take: (memberId: MemberId, sealed: string | undefined) => Promise<CardOutcome>;
  /** The first list of members came: it has the cards of everybody seated, and some of those who left, opened when needed. */
  readonly settle: (former: readonly FormerMember[]) => void;
  /** Calls the listener when somebody’s card is needed before the first list came, and when one may be opened that could not be before. */
  readonly onNeeded: (listener: () => void) => void;
}

interface Environment {
  readonly api: Pick<RoomApi, 'readMembers'>;
  readonly roomId: RoomId;
  readonly random: () => number;
  readonly over: AbortSignal;
  readonly ring: HeldKeys;
  /** This browser’s own, as long as it has its keys. */
  readonly own: Card | null;
}

/** Everybody’s card, opened once: messages are verified with the keys that it brings. */
export function createCards(environment: Environment): Cards {
  const { ring, own } = environment;
  const held = new Map<MemberId, { sealed: string; outcome: Promise<CardOutcome> }>();
  /** Of members who left, not opened yet. */
  const offered = new Map<MemberId, string>();
  if (own !== null) held.set(own.memberId, { sealed: '', outcome: Promise.resolve({ kind: 'opened', card: own }) });
  let settle = () => {};
  let isSettled = false;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  let need = () => {};
  /** The epochs of cards whose keys are not known, or not yet. */
  const closed = new Set<number>();
  ring.subscribe(() => {
    const openable = [...closed].filter((epoch) => ring.keysOf(epoch) !== undefined);
    for (const epoch of openable) closed.delete(epoch);
    if (openable.length > 0) need();
  });

  async function open(memberId: MemberId, sealed: string, earlier?: Promise<CardOutcome>): Promise<CardOutcome> {
    const before = await earlier;
    const outcome = await openCard(ring.keysOf, memberId, sealed);
    if (outcome.kind === 'unknown-epoch') closed.add(outcome.epoch);
    if (before?.kind !== 'opened') return outcome;
    // A member’s id stands for their keys, so whatever else the server shows for it takes nothing away.
    return outcome.kind === 'opened' && outcome.card.epoch >= before.card.epoch ? outcome : before;
  }

  function hold(memberId: MemberId, sealed: string): Promise<CardOutcome> {
    const outcome = open(memberId, sealed, held.get(memberId)?.outcome);
    held.set(memberId, { sealed, outcome });
    return outcome;
  }

  /** A card that is held, opened again where its epoch is known by now. */
  async function heldOf(memberId: MemberId): Promise<CardOutcome | null> {
    const known = held.get(memberId);
    if (known === undefined) return null;
    const outcome = await known.outcome;
    const isKnownNow = outcome.kind === 'unknown-epoch' && ring.keysOf(outcome.epoch) !== undefined;
    return isKnownNow ? hold(memberId, known.sealed) : outcome;
  }

  async function take(memberId: MemberId, sealed: string | undefined): Promise<CardOutcome> {
    const isKnown = sealed === undefined || held.get(memberId)?.sealed === sealed;
    if (!isKnown) return hold(memberId, sealed);
    return (await heldOf(memberId)) ?? { kind: 'none' };
  }

  const asking = createAsking(environment, (members) => {
    for (const { memberId, card } of members) void take(memberId, card);
  });

  return {
    take,
    of: async (memberId) => {
      if (!isSettled && !held.has(memberId)) need();
      const known = (await heldOf(memberId)) ?? (await settled.then(() => heldOf(memberId)));
      if (known !== null) return known;
      const sealed = offered.get(memberId);
      if (sealed === undefined) await asking.ask(memberId);
      return take(memberId, sealed);
    },
    settle: (former) => {
      for (const { memberId, card } of former) if (card !== undefined) offered.set(memberId, card);
      isSettled = true;
      settle();
    },
    onNeeded: (listener) => {
      need = listener;
    },
  };
}

/** Asks the server for members that no list named, each once, as many at a time as it takes. */
function createAsking({ api, roomId, random, over }: Environment, onFound: (members: readonly FormerMember[]) => void) {
  const retry = createRetry(PAGE_RETRY, random);
  const asked = new Map<MemberId, Promise<void>>();
  let waiting: { memberId: MemberId; done: () => void }[] = [];
  let isAsking = false;

  async function askAll() {
    if (isAsking) return;
    isAsking = true;
    while (waiting.length > 0 && !over.aborted) {
      const batch = waiting.slice(0, FORMER_MEMBERS_ASKED_MAX);
      const answer = await api.readMembers(
        roomId,
        batch.map(({ memberId }) => memberId),
      );
      if (!answer.ok) {
        isAsking = false;
        retry.schedule(() => void askAll(), (answer.failure.retryAfterSeconds ?? 0) * 1_000);
        return;
      }
      retry.reset();
      waiting = waiting.slice(batch.length);
      onFound([...answer.value.members, ...answer.value.former]);
      for (const { done } of batch) done();
    }
    isAsking = false;
  }

  over.addEventListener('abort', retry.cancel);
  return {
    ask: (memberId: MemberId): Promise<void> => {
      const known = asked.get(memberId);
      if (known !== undefined) return known;
      const answered = new Promise<void>((done) => {
        waiting.push({ memberId, done });
        // A page of messages asks for all its authors before this runs.
        setTimeout(() => void askAll(), 0);
      });
      asked.set(memberId, answered);
      return answered;
    },
  };
}
