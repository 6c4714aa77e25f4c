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
import { createTalk } from '@/session/messages/talk/talk';
import type { Labels } from '@/session/messages/transcript';
import type { Seat } from './rooms';

const pageSchema = z.object({ messages: z.array(messageWithCursorSchema), cursor: cursorSchema });
/** The browser's waits, a fiftieth as long. */
const HASTE = 0.02;
const HISTORY_RETRY_MS = 20;
const NO_NAMES: Labels = { labelOf: () => ({ name: null, tint: 0 }), isNamed: () => false };

/**
 * Everything that one member sees: the history, and then the events that the browser's own client receives, as they
 * arrive.
 */
export interface MemberScreen {
  /** Ids of messages in the order in which they arrived, first from the history and then live, with repeats kept. */
  readonly heard: readonly string[];
  /** Ids of messages in the order of the page's own transcript. */
  readonly shown: readonly string[];
  /** How the page describes the end: by the event's name, or by the status of the refusal. */
  readonly end: string | null;
  /** The signals by which the browser informs the page about itself. */
  signal(signal: PageSignal): void;
  close(): void;
}

/** Opens the room at `origin` as a page of that member would. */
export function openScreen(origin: string, { roomId, memberId, token }: Seat, random: () => number): MemberScreen {
  const heard: string[] = [];
  const talk = createTalk({ isSealed: false, self: memberId, labels: NO_NAMES });
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
        isOutdated: () => false,
        reload: () => undefined,
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
    const { id, memberId: author, sender, text, timestamp } = message;
    heard.push(id);
    talk.take([{ cursor, id, memberId: author, sender: sender ?? null, timestamp, said: { kind: 'text', text } }]);
  }

  function finish(how: string): void {
    end ??= how;
    closing.abort();
    stream.close();
  }

  /** A page of the history, or null when it could not be read this time. */
  async function readPage(): Promise<z.infer<typeof pageSchema> | null> {
    const url = `${origin}/api/messages?roomId=${roomId}&after=${readTo}&limit=${MESSAGES_PER_PAGE_MAX}`;
    try {
      const response = await fetch(url, { headers, signal: closing.signal });
      if (response.ok) return pageSchema.parse(await response.json());
      await response.body?.cancel();
      if ([401, 404].includes(response.status)) finish(String(response.status));
    } catch {
      // The answer was cut off, so the page reads again.
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
      // The page, too, asks its transcript before it accepts events that the history repeats.
      for (const { cursor, ...message } of page.messages) if (!talk.isKnown(message)) take(message, cursor);
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
      return talk.entries().map(({ id }) => id);
    },
    get end() {
      return end;
    },
    signal: (signal) => follow(signal),
    close: () => finish('closed'),
  };
}
