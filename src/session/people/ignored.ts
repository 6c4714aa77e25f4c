import type { MemberId } from '@/domain/room';
import { arrived, createDeferred } from '@/lib/deferred';
import { createStore, type Readable } from '@/lib/store';
import type { Transcript } from '@/session/messages/transcript';
import type { SessionContext } from '@/session/session-context';

/** Members that this person does not want to hear. It stays between the person and this browser: nobody else learns of it, and no server. */
export interface Ignored {
  readonly members: Readable<ReadonlySet<MemberId>>;
  readonly ignore: (memberId: MemberId, isIgnored: boolean) => void;
  /** A member goes on under another id. */
  readonly move: (memberId: MemberId, to: MemberId) => void;
  /** Takes over what pages before this one have kept. */
  readonly recall: () => void;
  /** The talk without what they say; null while nobody is ignored. */
  readonly shown: Readable<((transcript: Transcript) => Transcript) | null>;
}

/**
 * The list of ignored members is known at once. The part that draws the talk without them, and keeps the list, comes when somebody is ignored, or was
 * before a reload: most people never ignore anybody.
 */
export function createIgnored(context: Pick<SessionContext, 'self' | 'shelf' | 'room' | 'clock'>): Ignored {
  const members = createStore<ReadonlySet<MemberId>>(new Set());
  const shown = createStore<((transcript: Transcript) => Transcript) | null>(null);
  const part = createDeferred(async () => {
    const { createIgnoring } = await import('./ignoring');
    return createIgnoring(context, members, shown);
  });
  function ignore(memberId: MemberId, isIgnored: boolean) {
    const next = new Set(members.get());
    if (!isIgnored) next.delete(memberId);
    else if (memberId !== context.self) next.add(memberId);
    members.set(next);
    part.fetch();
  }
  return {
    members,
    shown,
    ignore,
    move: (memberId, to) => {
      if (members.get().has(memberId)) ignore(to, true);
    },
    recall: () => context.shelf.adopt('ignored', (value) => void arrived(part).then(({ take }) => take(value))),
  };
}
