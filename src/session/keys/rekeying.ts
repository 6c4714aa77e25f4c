import type { RoomApi } from '@/client/api';
import { PAGE_RETRY } from '@/client/line';
import { makeEpoch, type EpochChange, type Remaining } from '@/crypto/new-epoch';
import type { SeatedCard } from '@/domain/epoch';
import type { Answer, Failure } from '@/domain/failure';
import { REKEY_MEMBERS_MAX } from '@/domain/limits';
import type { MemberId, Room, RoomId } from '@/domain/room';
import { backoffMs } from '@/lib/retry';
import type { CardOutcome } from './cards';
import type { SealedRoom } from './sealed-room';

export interface RekeyingEnvironment {
  readonly api: RoomApi;
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly random: () => number;
  readonly over: AbortSignal;
  readonly sealedRoom: SealedRoom;
  /** Everybody in the page's own list. */
  readonly seated: () => readonly MemberId[];
  readonly isLocked: () => boolean;
  readonly setLocked: (locked: boolean) => Promise<Answer<Room>>;
}

/** Gives the room a new key, without the member who is to be removed, where there is one. */
export type Rekey = (remove: MemberId | null) => Promise<Answer<null>>;

/** A new epoch as it is posted, the same at every attempt. */
interface Made {
  readonly change: EpochChange;
  readonly remove: MemberId | null;
  readonly members: readonly MemberId[];
  readonly removed: readonly MemberId[];
}

const DONE: Answer<null> = { ok: true, value: null };
const failed = (reason: Failure['reason']): { ok: false; failure: Failure } => ({ ok: false, failure: { reason } });
/** With these nobody knows whether the server has done it. */
const LOST: readonly Failure['reason'][] = ['offline', 'unreachable', 'storage_unavailable', 'internal_error'];
const REPEATS_MAX = 6;
const ATTEMPTS_MAX = 8;
/** The stream says within this time under which id a member goes on whose seat the server lists no more. */
const MOVE_HEARD_MS = 1_000;
/** So often in a row members may change while the new key is made for them; then the door is shut for that time. */
const CHANGES_MAX = 2;

export function createRekeying(environment: RekeyingEnvironment): Rekey {
  const { api, roomId, over, sealedRoom, isLocked, setLocked } = environment;
  const { ring, epochs, removed } = sealedRoom;
  /** Its answer never came. The next attempt repeats it, as the server may have taken it. */
  let unanswered: Made | null = null;

  async function rekey(remove: MemberId | null): Promise<Answer<null>> {
    const { epoch: before } = ring.get().keys;
    let target = remove;
    let leaver = remove;
    let listed: readonly SeatedCard[] | null = null;
    let changes = 0;
    let isShut = false;
    for (let attempt = 0; attempt < ATTEMPTS_MAX && !over.aborted; attempt += 1) {
      const made: Made | Failure = repeated(leaver) ?? (await make(environment, leaver, listed));
      if ('reason' in made) return finish({ ok: false, failure: made }, isShut, remove);
      unanswered = made;
      const answer = await post(environment, made);
      if (answer.ok || !isLost(answer.failure)) unanswered = null;
      if (answer.ok) {
        accept(made);
        return finish(DONE, isShut, remove);
      }
      const { reason, members } = answer.failure;
      if (reason === 'epoch_changed') {
        await epochs.leave(ring.get().keys.epoch);
        if (isDone(before, target)) return finish(DONE, isShut, remove);
        listed = null;
      } else if (reason === 'members_changed' && members !== undefined) {
        listed = members;
        changes += 1;
        if (leaver !== null) target = leaver = await newestId(leaver, members);
        if (changes < CHANGES_MAX || isShut) continue;
        // Somebody may come and go so that the owner never gets to it.
        if (leaver !== null) {
          const answer = await api.putOut(roomId, leaver);
          if (!answer.ok && answer.failure.reason !== 'not_found') return answer;
          removed.add(leaver);
          leaver = null;
        }
        isShut = !isLocked() && (await setLocked(true)).ok;
      } else return finish(answer, isShut, remove);
    }
    return finish(failed('members_changed'), isShut, remove);
  }

  /** Whoever is to be removed does not escape by moving to new keys: the removal follows. */
  async function newestId(leaver: MemberId, listed: readonly SeatedCard[]): Promise<MemberId> {
    const isListed = (id: MemberId) => listed.some(({ memberId }) => memberId === id);
    if (isListed(leaver)) return leaver;
    if (!sealedRoom.moved.has(leaver)) await new Promise((resolve) => setTimeout(resolve, MOVE_HEARD_MS));
    return sealedRoom.moved.get(leaver) ?? leaver;
  }

  /** The lock was for that time only; but who was removed without a new key is kept out by it. */
  async function finish(outcome: Answer<null>, isShut: boolean, remove: MemberId | null): Promise<Answer<null>> {
    if (isShut && (outcome.ok || remove === null)) await setLocked(false);
    return outcome;
  }

  function repeated(remove: MemberId | null): Made | null {
    const made = unanswered;
    unanswered = null;
    return made?.remove === remove && made.change.keys.epoch === ring.get().keys.epoch + 1 ? made : null;
  }

  function accept({ change: { keys }, members, removed: gone }: Made) {
    const known = { keys, members: [...members], removed: [...gone] };
    epochs.accept({ known, by: environment.self, cursor: null });
  }

  /**
   * Another tab, or another owner, was faster. Only the record of a new key says that somebody is kept from it: the server may show no
   * seat of theirs, and a key that they have made themselves.
   */
  const isDone = (before: number, remove: MemberId | null): boolean =>
    ring.known().some(({ keys, removed: out }) => keys.epoch > before && (remove === null || out.includes(remove)));

  return rekey;
}

const isLost = ({ reason }: Failure): boolean => LOST.includes(reason);

/** Repeats it, unchanged, as long as nobody knows what became of it. */
async function post(
  { api, roomId, over, random, sealedRoom: { ring } }: RekeyingEnvironment,
  { change: { keys, request }, remove }: Made,
): Promise<Answer<unknown>> {
  for (let repeat = 0; ; repeat += 1) {
    const answer = await api.rekey(roomId, { ...request, ...(remove !== null && { remove }) });
    if (answer.ok || !isLost(answer.failure) || repeat === REPEATS_MAX || over.aborted) return answer;
    await new Promise((resolve) => setTimeout(resolve, backoffMs(repeat, PAGE_RETRY, random)));
    // The stream may have brought it meanwhile.
    if (ring.keysOf(keys.epoch)?.keyCheck === keys.keyCheck) return DONE;
  }
}

/** `listed`: the seats as the server has just named them, which the page's list may not show yet. */
async function make(
  environment: RekeyingEnvironment,
  remove: MemberId | null,
  listed: readonly SeatedCard[] | null,
): Promise<Made | Failure> {
  const { roomId, self, sealedRoom, seated } = environment;
  const { identity, ring, epochs, cards } = sealedRoom;
  await epochs.settled();
  if (identity === null || epochs.standing.get().state !== 'current') return { reason: 'epoch_changed' };
  const inList = new Set(seated());
  const others = await Promise.all(
    (listed ?? [...inList].map((memberId) => ({ memberId, card: undefined })))
      .filter(({ memberId }) => memberId !== self && memberId !== remove)
      .map(async ({ memberId, card }): Promise<Remaining> => {
        const outcome = card === undefined ? await cards.of(memberId) : await cards.take(memberId, card);
        return { memberId, agree: agreeKeyOf(sealedRoom, outcome, inList.has(memberId)) };
      }),
  );
  if (others.length >= REKEY_MEMBERS_MAX) return { reason: 'room_too_large' };
  const removed = [...sealedRoom.removedSince(), ...(remove === null ? [] : [remove])];
  const wrapped = others.filter(({ agree }) => agree !== null).map(({ memberId }) => memberId);
  const change = await makeEpoch({ roomId, identity, keys: ring.get().keys }, others, removed);
  return { change, remove, members: [self, ...wrapped], removed };
}

/**
 * The key to wrap a new secret with; null for a seat that gets a dummy. One that the server invents, or gives to somebody who was
 * removed, has a card of an older epoch at best, and no place in the list of members who got the newest key.
 */
function agreeKeyOf({ ring, isRemoved }: SealedRoom, outcome: CardOutcome, isInList: boolean): CryptoKey | null {
  if (outcome.kind !== 'opened') return null;
  const { memberId, epoch, keys } = outcome.card;
  if (isRemoved(memberId)) return null;
  const newest = ring.get().keys.epoch;
  if (epoch === newest) return keys.agree;
  const { members = [] } = ring.known().find((known) => known.keys.epoch === newest) ?? {};
  // None are known where the page could not read how the newest key came about.
  return isInList && (members.length === 0 || members.includes(memberId)) ? keys.agree : null;
}
