import * as z from 'zod/mini';
import { memberIdSchema, timestampSchema, type MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import { keysOf, parseJson, type TabStorage } from '@/lib/tab-storage';
import type { SessionContext } from '@/session/session-context';

const PREFIX = 'mayfly:ignored:';

const keptSchema = z.object({
  /** When the room ends, on this browser's clock. */
  endsAt: timestampSchema,
  members: z.array(memberIdSchema),
});

const parseKept = (value: string | null) => keptSchema.safeParse(parseJson(value)).data ?? null;

/** Members that this person does not want to hear. It stays between the person and this browser: nobody else learns of it, and no server. */
export interface Ignored {
  readonly members: Readable<ReadonlySet<MemberId>>;
  readonly ignore: (memberId: MemberId, isIgnored: boolean) => void;
  /** A member goes on under another id. */
  readonly move: (memberId: MemberId, to: MemberId) => void;
  /** Takes over what pages before this one have kept. */
  readonly recall: () => void;
}

export function createIgnored({
  self,
  shelf,
  room,
  clock,
}: Pick<SessionContext, 'self' | 'shelf' | 'room' | 'clock'>): Ignored {
  const members = createStore<ReadonlySet<MemberId>>(new Set());
  let endsAt = 0;

  function keep() {
    endsAt = clock.toBrowserTime(room.get().expiresAt);
    const ignored = [...members.get()];
    shelf.put('ignored', ignored.length === 0 ? null : JSON.stringify({ endsAt, members: ignored }));
  }

  function add(memberIds: readonly MemberId[]) {
    members.set(new Set([...members.get(), ...memberIds.filter((memberId) => memberId !== self)]));
    keep();
  }

  // The room's end may move, and this goes with it.
  room.subscribe(() => {
    if (members.get().size > 0 && clock.toBrowserTime(room.get().expiresAt) > endsAt + 1_000) keep();
  });

  return {
    members,
    ignore: (memberId, isIgnored) => {
      if (isIgnored) {
        add([memberId]);
        return;
      }
      members.set(new Set([...members.get()].filter((other) => other !== memberId)));
      keep();
    },
    move: (memberId, to) => {
      if (members.get().has(memberId)) add([to]);
    },
    recall: () => shelf.adopt('ignored', (value) => add(parseKept(value)?.members ?? [])),
  };
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeIgnored(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((parseKept(storage.getItem(key))?.endsAt ?? 0) <= now) storage.removeItem(key);
}
