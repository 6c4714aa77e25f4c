import type { ContentOf } from '@/domain/content';
import { MENTIONS_MAX } from '@/domain/limits';
import type { Calling } from '@/session/people/calling';
import type { SessionContext } from '@/session/session-context';

/** Whom words speak to, as their content says it. */
export type Addressing = (text: string) => Pick<ContentOf<'text'>, 'mentions'>;

/** Names may change, so a sealed content has the ids of their members. A plain room has no field for them: its readers find the names. */
export const addressingOf =
  ({ room }: Pick<SessionContext, 'room'>, { mentioned }: Calling): Addressing =>
  (text) => {
    const ids = room.get().sealed ? mentioned(text).map(({ memberId }) => memberId) : [];
    return ids.length === 0 ? {} : { mentions: ids.slice(0, MENTIONS_MAX) };
  };
