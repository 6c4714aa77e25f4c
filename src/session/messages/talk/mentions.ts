import type { Mentioned } from '@/domain/mentions';
import type { MemberId } from '@/domain/room';
import type { Calling } from '@/session/people/calling';
import type { MessageEntry, Quote } from '@/session/messages/transcript';

/** The words of a message. A plain room does not say whom they speak to. */
export interface Spoken {
  readonly text: string;
  readonly mentions?: readonly MemberId[] | undefined;
}

/** Whom words speak to. */
export type MentionedIn = (words: Spoken) => readonly Mentioned[];

/** In a sealed room its author says whom a message speaks to; in a plain one, which has no field for that, the names in it do. */
export const mentionedBy =
  ({ mentioned }: Calling, isSealed: boolean): MentionedIn =>
  ({ text, mentions }) =>
    mentioned(text, isSealed ? (mentions ?? []) : undefined);

/** What a message is to those whom it speaks to. Nobody speaks to themselves. */
export function noticedIn(
  { memberId, self, re }: { memberId: MemberId; self: MemberId; re?: Quote | undefined },
  mentioned: readonly Mentioned[],
): Pick<MessageEntry, 'mentions' | 'forYou'> {
  const isMentioned = mentioned.some((one) => one.memberId === self);
  const forYou = isMentioned ? 'mention' : re?.self === true ? 'reply' : null;
  return {
    ...(mentioned.length > 0 && { mentions: mentioned.map((one) => ({ ...one, self: one.memberId === self })) }),
    ...(forYou !== null && memberId !== self && { forYou }),
  };
}
