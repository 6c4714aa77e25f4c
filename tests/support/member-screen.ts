import * as z from 'zod/mini';
import type { PageSignal } from '@/client/page-signals';
import { openEventStream } from '@/client/room-stream';
import { MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import {
  compareCursors,
  CURSOR_START,
  type Cursor,
  cursorSchema,
  type Message,
  messageSchema,
  messageWithCursorSchema,
} from '@/domain/message';
import { fold, isIn, type Labels, type Log } from '@/session/messages/transcript';
import type { Seat } from './rooms';

const pageSchema = z.object({ messages: z.array(messageWithCursorSchema), cursor: cursorSchema });
/** The browser's waits, a fiftieth as long. */
const HASTE = 0.02;
const HISTORY_RETRY_MS = 20;
const NO_NAMES: Labels = { labelOf: () => ({ name: null, tint: 0 }), isNamed: () => false };

/** What one member sees: the history, then what the browser's own client hears, as it comes. */
export interface MemberScreen {
  /** Ids of messages in the order in which they came, from the history and then live; nothing is taken for a repeat. */
  readonly heard: readonly string[];
  /** Ids of messages as the page's own transcript puts them. */
  readonly shown: readonly string[];
  /** What the page says of the end: the event's name, or the status of the refusal. */
  readonly end: string | null;
  /** What the browser tells the page of itself. */
  signal(signal: PageSignal): void;
  close(): void;
}

/** Opens the room at `origin` as a page of that member would. */
export function openScreen(origin: string, { roomId, memberId, token }: Seat, random: () => number): MemberScreen {
  const heard: string[] = [];
  let log: Log = [];
  const closing = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  let follow: (signal: PageSignal) => void = () => undefined;
  let end: string | null = null;
  let readTo: string = CURSOR_START;

  const stream = openEventStream(
    {
      fetch: (path, init) =>
        fetch(new URL(z.string().parse(path), origin), {
          ...init,
          headers: { ...headers, accept: 'text/event-stream' },
        }),
      random: () => random() * HASTE,
      page: {
        isVisible: () => true,
        isOnline: () => true,
        follow: (listener) => {
          follow = listener;
          return () => undefined;
        },
      },
      locks: undefined,
      openChannel: undefined,
    },
    roomId,
    {
      onEvent: ({ id, event, data }) => {
        if (event === 'chat.message') take(messageSchema.parse(data), cursorSchema.parse(id));
        if (event === 'chat.destroy') finish(event);
        if (event === 'member.left' && z.object({ memberId: z.string() }).parse(data).memberId === memberId)
          finish(event);
      },
      onState: () => undefined,
      onAfresh: () => void read(),
      onRefused: (status) => finish(String(status)),
      onFarewell: () => undefined,
    },
  );

  function take(message: Message, cursor: Cursor): void {
    heard.push(message.id);
    const entry = { ...message, kind: 'message', self: false, state: 'sent' } as const;
    log = fold(log, [{ cursor, entry }], NO_NAMES);
  }

  function finish(how: string): void {
    end ??= how;
    closing.abort();
    stream.close();
  }

  /** A page of the history, null when it could not be had this time. */
  async function readPage(): Promise<z.infer<typeof pageSchema> | null> {
    const url = `${origin}/api/messages?roomId=${roomId}&after=${readTo}&limit=${MESSAGES_PER_PAGE_MAX}`;
    try {
      const response = await fetch(url, { headers, signal: closing.signal });
      if (response.ok) return pageSchema.parse(await response.json());
      await response.body?.cancel();
      if ([401, 404].includes(response.status)) finish(String(response.status));
    } catch {
      // Cut off: the page reads again.
    }
    return null;
  }

  async function read(): Promise<void> {
    while (!closing.signal.aborted) {
      const page = await readPage();
      if (page === null) {
        await new Promise((resolve) => setTimeout(resolve, HISTORY_RETRY_MS));
        continue;
      }
      // The page asks its transcript, too, before it takes what the history tells again.
      for (const { cursor, ...message } of page.messages) if (!isIn(log, message.id)) take(message, cursor);
      readTo = page.cursor;
      const last = page.messages.at(-1);
      if (last === undefined || compareCursors(page.cursor, last.cursor) > 0) {
        stream.follow(readTo);
        return;
      }
    }
  }

  void read();
  return {
    heard,
    get shown() {
      return log.map(({ entry }) => entry.id);
    },
    get end() {
      return end;
    },
    signal: (signal) => follow(signal),
    close: () => finish('closed'),
  };
}
