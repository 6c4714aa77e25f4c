import type { Cursor, MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { insertInOrder } from '@/lib/ordered-list';
import { isOf, isVerified, type Heard, type HeardOf, type Ref } from './heard';
import { createReactions, type Reactions } from './reactions';

/** One message and all that others say about it, whichever of them is loaded first. */
export interface Thread {
  readonly key: string;
  /** Null: not loaded, or taken back. */
  message: Heard | null;
  /** The one that counts comes last. */
  readonly edits: HeardOf<'edit'>[];
  reactions: Reactions | null;
  readonly replies: Set<Thread>;
}

/** All that is known of messages. It does not depend on the order in which they, or the news of their removal, come. */
export interface Threads {
  /** Returns the thread that the message belongs to, or null when it is not news. */
  readonly take: (heard: Heard) => Thread | null;
  /** Returns the threads that show something else by it. A message that comes later under this id is dropped. */
  readonly remove: (id: MessageId) => readonly Thread[];
  /** The same for messages that turn out to be none, with the threads that show something else by it. */
  readonly sweep: (isNone: (heard: Heard) => boolean) => readonly Thread[];
  /** Unlike an id, it belongs to one message, whatever the server claims. */
  readonly keyOf: (ref: Ref) => string;
  readonly find: (ref: Ref) => Thread | undefined;
  /** Whether it is there, and verified where there are keys. */
  readonly isKnown: (ref: Ref) => boolean;
  readonly isRemoved: (id: MessageId) => boolean;
  /** The same for the message that a key belongs to. */
  readonly isTakenBack: (key: string) => boolean;
}

/** One whose key was not known is heard again once it is. */
const VERIFIED = 2;
function certaintyOf(heard: Heard | undefined): number {
  if (heard === undefined || isOf(heard, 'unknown-epoch')) return 0;
  return isVerified(heard.said) ? VERIFIED : 1;
}

/** What nobody could verify neither hides a message of the same id nor takes its place; of two alike the first one counts. */
function isBetter(heard: Heard, known: Heard, compare: (left: Cursor, right: Cursor) => number): boolean {
  const gain = certaintyOf(heard) - certaintyOf(known);
  return gain > 0 || (gain === 0 && compare(heard.cursor, known.cursor) < 0);
}

/** In sealed rooms two authors may use the same id, and plain rooms do not say whose message another one is about. */
export function createThreads(isSealed: boolean, compare: (left: Cursor, right: Cursor) => number): Threads {
  const known = new Map<MessageId, readonly Heard[]>();
  const removed = new Set<string>();

  const keyOf = ({ id, by }: Ref) => (isSealed ? `${by}:${id}` : id);
  const idIn = (key: string) => key.slice(key.indexOf(':') + 1);
  const refOf = ({ id, memberId }: Heard): Ref => ({ id, by: memberId });
  const knownAs = (ref: Ref) => known.get(ref.id)?.find((heard) => keyOf(refOf(heard)) === keyOf(ref));
  const byRank = (left: HeardOf<'edit'>, right: HeardOf<'edit'>) =>
    left.said.n - right.said.n || compare(left.cursor, right.cursor);

  const { find, threadOf, threadsOf } = createThreadList(keyOf);

  /** The thread of the message that it is about or, where it stands for itself, its own. */
  function threadFor(heard: Heard): Thread {
    if (isOf(heard, 'edit')) return threadOf(heard.said.of);
    return threadOf(isOf(heard, 'reaction') ? heard.said.on : refOf(heard));
  }

  function repliesTo(heard: Heard): Set<Thread> | undefined {
    return isOf(heard, 'text') && heard.said.re ? threadOf(heard.said.re).replies : undefined;
  }

  function add(heard: Heard): Thread {
    known.set(heard.id, [...(known.get(heard.id) ?? []), heard]);
    const thread = threadFor(heard);
    if (isOf(heard, 'edit')) insertInOrder(thread.edits, heard, byRank);
    else if (isOf(heard, 'reaction')) (thread.reactions ??= createReactions(compare)).add(heard);
    else {
      thread.message = heard;
      repliesTo(heard)?.add(thread);
    }
    return thread;
  }

  function drop(heard: Heard): Thread {
    const others = known.get(heard.id)?.filter((other) => other !== heard) ?? [];
    if (others.length > 0) known.set(heard.id, others);
    else known.delete(heard.id);
    const thread = threadFor(heard);
    if (isOf(heard, 'edit')) thread.edits.splice(thread.edits.lastIndexOf(heard), 1);
    else if (isOf(heard, 'reaction')) thread.reactions?.drop(heard);
    else {
      thread.message = null;
      repliesTo(heard)?.delete(thread);
    }
    return thread;
  }

  return {
    take: (heard) => {
      if (removed.has(heard.id)) return null;
      // A library that writes into the stream by itself may store a message twice: the first one counts.
      const same = knownAs(refOf(heard));
      if (same !== undefined && !isBetter(heard, same, compare)) return null;
      if (same !== undefined) drop(same);
      return add(heard);
    },
    remove: (id) => {
      removed.add(id);
      const dropped = (known.get(id) ?? []).map(drop);
      return [...dropped, ...threadsOf(id)];
    },
    sweep: (isNone) => [...known.values()].flat().filter(isNone).map(drop),
    keyOf,
    find,
    isKnown: (ref) => certaintyOf(knownAs(ref)) === VERIFIED,
    isRemoved: (id) => removed.has(id),
    isTakenBack: (key) => removed.has(idIn(key)),
  };
}

/** The threads by their keys, which are made as they are spoken of: a member may speak of any number of authors who never used an id. */
function createThreadList(keyOf: Threads['keyOf']) {
  const byKey = new Map<string, Thread>();
  const byId = new Map<MessageId, Thread[]>();
  const find = (ref: Ref) => byKey.get(keyOf(ref));

  function threadOf(ref: Ref): Thread {
    const there = find(ref);
    if (there !== undefined) return there;
    const thread = { key: keyOf(ref), message: null, edits: [], reactions: null, replies: new Set<Thread>() };
    byKey.set(thread.key, thread);
    const alike = byId.get(ref.id);
    if (alike === undefined) byId.set(ref.id, [thread]);
    else alike.push(thread);
    return thread;
  }

  return { find, threadOf, threadsOf: (id: MessageId): readonly Thread[] => byId.get(id) ?? [] };
}

/** The edit of a message that counts: the author's last one. */
export const editOf = ({ edits }: Thread, author: MemberId): HeardOf<'edit'> | undefined =>
  edits.findLast(({ memberId }) => memberId === author);
