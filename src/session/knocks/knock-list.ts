import { createKnockApi } from '@/client/knock-api';
import { PAGE_RETRY } from '@/client/line';
import { openCard } from '@/crypto/card';
import type { Failure } from '@/domain/failure';
import type { Knock, KnockId } from '@/domain/knock';
import { nameFault } from '@/domain/text-rules';
import { createRetry } from '@/lib/retry';
import type { Store } from '@/lib/store';
import type { People } from '@/session/people/people';
import { readAfterReconnects } from '@/session/people/roll-call-timing';
import type { SessionContext } from '@/session/session-context';
import { NOBODY, type AtDoor, type DoorState } from './door-state';

/** Knocks lapse after two minutes without being repeated, and nobody says so. */
const READ_AGAIN_MS = 15_000;
/** Fifty who come at once are read in a few calls. */
const READ_GAP_MS = 1_000;

export interface KnockList {
  /** Reads who is there, for the owner. */
  readonly look: () => void;
  readonly answer: (knockId: KnockId, admit: boolean) => Promise<void>;
}

/**
 * Keeps the list of those at the door as the server has it. It is read whenever somebody may have come or gone: an event only says that
 * it is time.
 */
export function createKnockList(
  context: SessionContext,
  people: Pick<People, 'list' | 'ownerId'>,
  atDoor: Store<DoorState>,
  fail: (failure: Failure) => void,
): KnockList {
  const isOwner = () => people.ownerId() === context.self;
  const { read, answer } = createAnswering(context, atDoor, fail, isOwner);
  const look = () => {
    if (isOwner()) read();
  };
  const { room, over } = context;
  const isAsked = () => isOwner() && room.get().entry === 'knock';
  let wasAsked = false;
  let seated = 0;

  function follow() {
    const before = seated;
    seated = people.list.get().length;
    const isNew = isAsked() && !wasAsked;
    wasAsked = isAsked();
    if (!isOwner()) atDoor.set(NOBODY);
    // Whoever sat down may have stood at the door.
    else if (isNew || (seated !== before && atDoor.get().waiting.length > 0)) read();
  }

  const stops = [people.list.subscribe(follow), room.subscribe(follow)];
  readAfterReconnects(context, () => {
    if (isAsked()) read();
  });
  over.addEventListener('abort', () => {
    for (const stop of stops) stop();
    atDoor.set(NOBODY);
  });
  follow();
  // What brought this part may have been a knock.
  look();
  return { look, answer };
}

function createAnswering(
  context: SessionContext,
  atDoor: Store<DoorState>,
  fail: (failure: Failure) => void,
  isOwner: () => boolean,
) {
  const { api, roomId, random, over, onRefused, sealedRoom } = context;
  const calls = createKnockApi(api, roomId);
  const nameOf = createNaming(context);
  const { read, stop } = createReading(readOnce, random);
  /** Which reading was the newest when a knock was answered: a list that is older still has it. */
  const answered = new Map<KnockId, number>();
  let readings = 0;

  async function readOnce(): Promise<Failure | 'again' | null> {
    readings += 1;
    const reading = readings;
    const answer = await calls.read();
    const named = answer.ok ? await Promise.all(answer.value.map(nameOf)) : [];
    if (over.aborted || !isOwner()) return null;
    if (!answer.ok) {
      onRefused(answer.failure);
      return answer.failure;
    }
    const waiting = named.filter(({ knockId }) => (answered.get(knockId) ?? 0) < reading);
    atDoor.set({ ...atDoor.get(), waiting });
    return waiting.length > 0 ? 'again' : null;
  }

  function setAnswering(knockId: KnockId, isAnswering: boolean) {
    const answering = new Set(atDoor.get().answering);
    if (isAnswering) answering.add(knockId);
    else answering.delete(knockId);
    atDoor.set({ ...atDoor.get(), answering });
  }

  async function answer(knockId: KnockId, admit: boolean) {
    const person = atDoor.get().waiting.find((one) => one.knockId === knockId);
    if (person === undefined || atDoor.get().answering.has(knockId)) return;
    atDoor.set({ ...atDoor.get(), missed: null });
    setAnswering(knockId, true);
    const outcome = await calls.answer(knockId, admit);
    if (over.aborted) return;
    setAnswering(knockId, false);
    const isGone = !outcome.ok && outcome.failure.reason === 'not_found';
    if (outcome.ok || isGone) {
      answered.set(knockId, readings);
      const waiting = atDoor.get().waiting.filter((one) => one.knockId !== knockId);
      atDoor.set({ ...atDoor.get(), waiting, missed: isGone ? person : null });
    } else {
      fail(outcome.failure);
      onRefused(outcome.failure);
    }
    if (!outcome.ok) read();
  }

  // A new key ends all knocks.
  sealedRoom?.ring.subscribe(() => {
    if (isOwner() && atDoor.get().waiting.length > 0) read();
  });
  over.addEventListener('abort', stop);
  return { read, answer };
}

/** One reading at a time, a moment apart; one that failed is tried again, and one that found somebody is repeated. */
function createReading(readOnce: () => Promise<Failure | 'again' | null>, random: () => number) {
  const retry = createRetry(PAGE_RETRY, random);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isWanted = false;
  let readAt = -Infinity;
  let isOver = false;

  function clear() {
    clearTimeout(timer);
    retry.cancel();
  }

  function readIn(ms: number) {
    clear();
    if (!isOver) timer = setTimeout(() => void run(), ms);
  }

  function read() {
    if (isReading) isWanted = true;
    else readIn(Math.max(0, readAt + READ_GAP_MS - Date.now()));
  }

  async function run() {
    isReading = true;
    readAt = Date.now();
    const outcome = await readOnce();
    isReading = false;
    const isDue = isWanted;
    isWanted = false;
    if (isOver) return;
    if (outcome !== null && outcome !== 'again')
      retry.schedule(() => void run(), (outcome.retryAfterSeconds ?? 0) * 1_000);
    else {
      retry.reset();
      if (isDue) read();
      else if (outcome === 'again') readIn(READ_AGAIN_MS);
    }
  }

  return {
    read,
    stop: () => {
      isOver = true;
      clear();
    },
  };
}

/** Names those at the door. In a sealed room by a card that gives its member's id, under the newest key: nobody removed has that. */
function createNaming({ sealedRoom }: SessionContext): (knock: Knock) => Promise<AtDoor> {
  /** Cards that were opened, each once. */
  const opened = new Map<string, Promise<string | null>>();

  async function open({ memberId, card }: Knock): Promise<string | null> {
    if (sealedRoom === null || memberId === undefined || card === undefined) return null;
    const outcome = await openCard(sealedRoom.ring.keysOf, memberId, card);
    const isNewest = outcome.kind === 'opened' && outcome.card.epoch === sealedRoom.ring.get().keys.epoch;
    return isNewest ? outcome.card.name : null;
  }

  return async (knock) => {
    const { knockId, memberId, name, card } = knock;
    if (sealedRoom === null) return { knockId, name: name !== undefined && nameFault(name) === null ? name : null };
    const key = `${sealedRoom.ring.get().keys.epoch} ${memberId ?? ''} ${card ?? ''}`;
    const known = opened.get(key) ?? open(knock);
    opened.set(key, known);
    const said = await known;
    return said === null || memberId === undefined ? { knockId, name: null } : { knockId, name: said, memberId };
  };
}
