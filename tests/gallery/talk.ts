import { cursorSchema, messageIdSchema } from '@/domain/message';
import type { MessageEntry, NoticeEntry, Quote, TranscriptEntry } from '@/session/messages/transcript';
import type { Person } from '@/session/people/roster';
import { NOW } from './moment';

/** An entry that knows neither its place nor its time. */
export interface Line {
  /** Seconds after the line before it. */
  pause: number;
  at: (timestamp: number, place: number) => TranscriptEntry;
}

const SHORT_PAUSE_SECONDS = 7;

const cursorAt = (timestamp: number, place: number) => cursorSchema.parse(`${timestamp}-${place}`);
const keyAt = (place: number) => `message-${String(place).padStart(8, '0')}`;

export function says(
  { memberId, name, mark, tint, self, unverified }: Person,
  text: string | null,
  { pause = SHORT_PAUSE_SECONDS, ...rest }: Partial<MessageEntry> & { pause?: number } = {},
): Line {
  return {
    pause,
    at: (timestamp, place) => ({
      kind: 'message',
      id: messageIdSchema.parse(keyAt(place)),
      key: keyAt(place),
      // The server has given none to one that it has not stored.
      ...((rest.state ?? 'sent') === 'sent' && { cursor: cursorAt(timestamp, place) }),
      memberId,
      name,
      mark,
      tint,
      unverified,
      self,
      text,
      timestamp,
      state: 'sent',
      ...rest,
    }),
  };
}

/** A notice about somebody, or about the room. */
export function notice(
  kind: NoticeEntry['notice'],
  about?: Person,
  { pause = SHORT_PAUSE_SECONDS, ...rest }: Partial<NoticeEntry> & { pause?: number } = {},
): Line {
  return {
    pause,
    at: (timestamp, place) => ({
      kind: 'notice',
      id: `notice-${place}`,
      cursor: cursorAt(timestamp, place),
      timestamp,
      notice: kind,
      ...(about !== undefined && { memberId: about.memberId }),
      name: about?.name ?? null,
      mark: about?.mark,
      self: about?.self ?? false,
      ...rest,
    }),
  };
}

/** What a reply shows of the message that it answers. */
export const quote = (
  { memberId, name, mark, tint, self }: Person,
  text: string | null,
  rest: Partial<Quote> = {},
): Quote => ({ key: 'quoted', memberId, name, mark, tint, self, state: 'said', text, ...rest });

/** A talk that goes on with these lines. */
export function goingOn(entries: readonly TranscriptEntry[], ...lines: readonly Line[]): readonly TranscriptEntry[] {
  const timestamp = entries.at(-1)?.timestamp ?? NOW;
  return [...entries, ...placed(timestamp, entries.length, lines)];
}

/** Lines in their order, the last one a few seconds ago. */
export function talk(...lines: readonly Line[]): readonly TranscriptEntry[] {
  const seconds = lines.reduce((sum, { pause }) => sum + pause, SHORT_PAUSE_SECONDS);
  return placed(NOW - seconds * 1_000, 0, lines);
}

function placed(since: number, firstPlace: number, lines: readonly Line[]): TranscriptEntry[] {
  let timestamp = since;
  return lines.map(({ pause, at }, index) => {
    timestamp += pause * 1_000;
    return at(timestamp, firstPlace + index);
  });
}
