import type { Failure } from '@/domain/failure';
import type { KnockId } from '@/domain/knock';
import { createDeferred } from '@/lib/deferred';
import { createStore, type Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { SessionContext } from '@/session/session-context';
import { NOBODY, type DoorState } from './door-state';
import type { KnockList } from './knock-list';

export interface Knocks {
  readonly atDoor: Readable<DoorState>;
  readonly answerKnock: (knockId: KnockId, admit: boolean) => void;
  readonly forgetMissed: () => void;
}

/** People at the door, for the owner. The part that knows of them comes with the first reason for it: most rooms never ask anybody. */
export function createKnocks(
  context: SessionContext,
  people: Pick<People, 'list' | 'ownerId'>,
  fail: (failure: Failure) => void,
): Knocks & {
  /** Somebody has come, or may have. */
  readonly look: () => void;
  /** The same, where this member has reason to think of the door at all. */
  readonly lookAgain: () => void;
} {
  const atDoor = createStore(NOBODY);
  const part = createDeferred(() => import('./knock-list'));
  let list: KnockList | null = null;
  const fetchIfAsked = () => {
    if (context.room.get().entry === 'knock') part.fetch();
  };
  part.subscribe(() => {
    if (!context.over.aborted) list ??= part.get()?.createKnockList(context, people, atDoor, fail) ?? null;
  });
  context.room.subscribe(fetchIfAsked);
  fetchIfAsked();
  return {
    atDoor,
    look: () => (list === null ? part.fetch() : list.look()),
    lookAgain: () => list?.look(),
    answerKnock: (knockId, admit) => void list?.answer(knockId, admit),
    forgetMissed: () => atDoor.set({ ...atDoor.get(), missed: null }),
  };
}
