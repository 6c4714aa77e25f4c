import { isPublishedOnly } from '@/domain/stored-events';
import { earlierStreamId, isAfter } from '@/lib/stream-id';
import {
  openWire,
  parseWireMessage,
  SILENCE_MS,
  type Wire,
  type WireEnvironment,
  type WireMessage,
  type WireState,
} from './line';

/** A live leader answers within milliseconds; a frozen one never does. */
const ANSWER_MS = 5_000;
/** Writers of the stock library publish a moment after they store, so that an older event may come after a newer one. */
const OVERLAP_MS = 1_000;

/** How a visit ended. It is the word of one seat: a browser may have another one in the same room by the time it is heard. */
export interface Farewell {
  readonly reason: string;
  readonly memberId: string;
}

/** What one tab tells the others: the leader the bytes it reads, with the position before them; a newcomer `hello`; who waits for news `hurry`. */
export interface TabMessage {
  readonly raw?: string;
  readonly tip?: string;
  readonly state?: WireState;
  readonly refused?: number;
  readonly hello?: true;
  readonly hurry?: true;
  readonly farewell?: Farewell;
}

/** What BroadcastChannel and Web Locks give; where either lacks, every tab has a stream of its own. */
export interface TabChannel {
  postMessage: (message: TabMessage) => void;
  onmessage: ((event: MessageEvent<TabMessage>) => void) | null;
  close: () => void;
}
export interface StreamEnvironment extends WireEnvironment {
  readonly locks: Pick<LockManager, 'request'> | undefined;
  readonly openChannel: ((name: string) => TabChannel) | undefined;
}

export interface StreamHandlers {
  /** Once for each event, in the order of the wire. */
  readonly onEvent: (event: { id: string; event: string; data: unknown }) => void;
  readonly onState: (state: WireState) => void;
  /** Something may have been missed: read the history again, then `follow` from its cursor. */
  readonly onAfresh: () => void;
  /** Our own server wants no stream for us. `follow` opens it anew, should room and seat be there all the same. */
  readonly onRefused: (status: number) => void;
  /** Another tab of this browser ended its visit, and said how. */
  readonly onFarewell: (farewell: Farewell) => void;
}

export interface EventStream {
  /** Follows the room from a cursor that the history gave. */
  readonly follow: (cursor: string) => void;
  /** To be called when news matter more than the herd: a planned renewal does not wait for its moment. */
  readonly hurry: () => void;
  /** Ends; with a farewell, the other tabs hear it. */
  readonly close: (farewell?: Farewell) => void;
}

/**
 * The stream of a room for one tab, by one connection for all tabs of the browser (an origin has six on
 * HTTP/1.1): the tab that holds the lock reads it and passes the bytes on. Every tab keeps its own
 * position and takes each event once; a tab that finds the leader's position ahead of its own has
 * missed something and reads afresh.
 */
export function openEventStream(environment: StreamEnvironment, roomId: string, handlers: StreamHandlers): EventStream {
  const { locks, openChannel, page } = environment;
  const name = `mayfly:${roomId}`;
  const seen = new Set<string>();
  let base = '0-0';
  let tip = '0-0';
  let started = false;
  let afresh = false;
  let state: WireState = 'connecting';
  let wire: Wire | undefined;
  let channel: TabChannel | undefined;
  let queue = new AbortController();
  let release: (() => void) | undefined;
  let leading = false;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const tell = (message: TabMessage) => channel?.postMessage(message);

  function setState(next: WireState) {
    if (leading) tell({ state: next, tip });
    if (next === state) return;
    state = next;
    handlers.onState(next);
  }

  function readAfresh() {
    if (afresh) return;
    afresh = true;
    wire?.close();
    wire = undefined;
    handlers.onAfresh();
  }

  function take(message: WireMessage) {
    const { type, error, id, event, data } = message;
    if (type === 'error' && error === 'read_afresh') {
      // Whatever our position was, the server cannot go on from it.
      base = tip = '0-0';
      readAfresh();
    }
    if (typeof id !== 'string' || typeof event !== 'string') return;
    if (!isPublishedOnly(event)) {
      if (seen.has(id) || !isAfter(id, base)) return;
      seen.add(id);
      if (isAfter(id, tip)) tip = id;
    }
    handlers.onEvent({ id, event, data });
  }

  /** A moment before the newest event, which is then heard twice and taken once; never before the history. */
  function resumePoint() {
    const earlier = earlierStreamId(tip, OVERLAP_MS);
    return isAfter(earlier, base) ? earlier : base;
  }

  function openLine() {
    if (state !== 'connecting') setState('reconnecting');
    const url = () => `/api/realtime?channel=${roomId}&last_ack_${roomId}=${resumePoint()}`;
    wire = openWire(environment, url, {
      onMessage: (message, raw) => {
        tell({ raw, tip });
        take(message);
      },
      onState: setState,
      onRefused: (status) => {
        // The wire has closed itself, and nothing is heard until `follow` opens another one.
        wire = undefined;
        if (state !== 'connecting') setState('reconnecting');
        tell({ refused: status });
        handlers.onRefused(status);
      },
    });
  }

  function lead() {
    leading = true;
    clearTimeout(silence);
    if (!afresh) openLine();
  }

  function stepDown() {
    leading = false;
    wire?.close();
    wire = undefined;
  }

  /** Waits for the lead, or takes it; comes back to waiting when another tab took it. */
  async function seekLead(steal: boolean) {
    queue.abort();
    const mine = (queue = new AbortController());
    const hold = () =>
      new Promise<void>((resolve) => {
        release = resolve;
        if (mine.signal.aborted) resolve();
        else lead();
      });
    try {
      await locks?.request(name, steal ? { steal } : { signal: mine.signal }, hold);
    } catch {
      // Stolen, or no longer wanted.
    }
    if (mine.signal.aborted) return;
    stepDown();
    setState('reconnecting');
    sayHello();
    void seekLead(false);
  }

  /** A tab that is looked at does not wait for a leader that is frozen. */
  function expectAnswer(withinMs: number) {
    clearTimeout(silence);
    silence = setTimeout(() => {
      if (!leading && page.isVisible()) void seekLead(true);
    }, withinMs);
  }

  function hear(message: TabMessage) {
    if (message.farewell !== undefined) handlers.onFarewell(message.farewell);
    if (leading) {
      if (message.hello) tell({ state, tip });
      if (message.hurry) wire?.hurry();
      return;
    }
    if (message.hello || message.hurry) return;
    expectAnswer(SILENCE_MS);
    if (message.refused !== undefined) handlers.onRefused(message.refused);
    if (message.tip !== undefined && isAfter(message.tip, tip)) {
      tip = message.tip;
      readAfresh();
    }
    if (message.state !== undefined) setState(message.state);
    const wireMessage = message.raw === undefined ? null : parseWireMessage(message.raw);
    if (wireMessage !== null) take(wireMessage);
  }

  function sayHello() {
    tell({ hello: true });
    expectAnswer(ANSWER_MS);
  }

  function start() {
    if (locks === undefined || openChannel === undefined) {
      lead();
      return;
    }
    // After a stop nothing was heard: what others then say of the line is news.
    if (state !== 'connecting') setState('reconnecting');
    channel = openChannel(name);
    // Only pages of this origin are on the channel, and they run this code.
    channel.onmessage = ({ data }) => hear(data);
    sayHello();
    void seekLead(false);
  }

  function stop() {
    clearTimeout(silence);
    queue.abort();
    stepDown();
    release?.();
    channel?.close();
    channel = undefined;
  }

  const unfollow = page.follow((signal) => {
    if (!started) return;
    // A page in the back/forward cache may hold neither lock nor channel.
    if (signal === 'left') stop();
    if (signal === 'restored') start();
    if (signal === 'visible' && !leading && channel !== undefined) {
      sayHello();
      // The leader, which nobody looks at, may be waiting for the moment of its renewal.
      tell({ hurry: true });
    }
  });

  return {
    follow: (cursor) => {
      if (isAfter(cursor, base)) base = cursor;
      // A leader that is further along was so before this history was read.
      if (isAfter(tip, base)) base = tip;
      tip = base;
      afresh = false;
      if (started) {
        if (leading && wire === undefined) openLine();
      } else {
        started = true;
        start();
      }
    },
    hurry: () => {
      if (leading) wire?.hurry();
      else tell({ hurry: true });
    },
    close: (farewell) => {
      if (farewell !== undefined) tell({ farewell });
      unfollow();
      stop();
    },
  };
}
