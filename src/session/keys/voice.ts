import type { Content } from '@/domain/content';
import type { Answer } from '@/domain/failure';
import type { Member } from '@/domain/member';
import type { MessageId, MessageWithCursor } from '@/domain/message';
import type { Readable } from '@/lib/store';
import type { Heard } from '@/session/messages/talk/heard';
import type { Words } from '@/session/speech';
import type { Standing } from './standing';

/** A name as it is listed: undefined where there is none, null where it cannot be shown. */
export interface HeardName {
  readonly name: string | null | undefined;
  /** Nobody can tell whether the seat is who it says. */
  readonly unverified?: true;
}

/** All that plain and sealed rooms do differently: the only way from what people type to what is sent, and back. */
export interface Voice {
  /** False in a sealed room whose keys this browser has lost: it reads on. */
  readonly canSpeak: boolean;
  /** Whether a content can be sent, for its size. */
  readonly fits: (content: Content) => boolean;
  readonly say: (id: MessageId, name: string, content: Content) => Promise<Words>;
  /** Opens a stored message. Null: nothing of it is shown. */
  readonly hear: (message: MessageWithCursor) => Promise<Heard | null>;
  /** Opens a message of one’s own that was kept over a reload, once its key is known. Null: it does not open. */
  readonly reread: (id: MessageId, words: Words) => Promise<Content | null>;
  readonly nameOf: (member: Pick<Member, 'memberId' | 'name' | 'card'>) => Promise<HeardName>;
  readonly rename: (name: string) => Promise<Answer<unknown>>;
  /** A draft as it may be kept in the browser’s storage, and back. */
  readonly keep: (draft: string) => Promise<string>;
  readonly recall: (kept: string) => Promise<string | null>;
  readonly posting: Posting;
}

/** Whether words may go out as they are. In a plain room they always may. */
export interface Posting {
  /** Words that were never tried go out under the newest key only. */
  readonly isCurrent: (words: Words) => boolean;
  readonly standing: Readable<Standing>;
  /** Another value whenever the page holds more keys. */
  readonly keys: Readable<unknown>;
  /** Whether the room was looked at since the line was down: its key may have been replaced meanwhile. */
  readonly isFresh: () => boolean;
  /** Looks. The server may not be reached. */
  readonly refresh: () => Promise<void>;
  /** The server says that the key of these words was replaced. Resolves once the page has tried to follow. */
  readonly leave: (words: Words) => Promise<void>;
}
