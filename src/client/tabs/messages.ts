import type { WireState } from '../line';

/** How a visit ended. It is the word of one seat: by the time it is heard, the browser may have another one in the same room. */
export interface Farewell {
  readonly reason: string;
  readonly memberId: string;
}

/** From the leader to its followers. `tip` is its position, before the bytes. */
export type FromLeader =
  | { readonly type: 'bytes'; readonly raw: string; readonly tip: string }
  | { readonly type: 'state'; readonly state: WireState; readonly tip: string }
  /** Our own server wants no stream for this browser. */
  | { readonly type: 'refused'; readonly status: number };

/** From any tab to the leader. */
export type ToLeader =
  /** Asks for the line's state: a tab has arrived, or has heard nothing for a while. */
  | { readonly type: 'hello' }
  /** Somebody waits for news: a planned renewal must not wait for its moment. */
  | { readonly type: 'hurry' };

/** All that the tabs of one browser say to each other about a room. */
export type TabMessage = FromLeader | ToLeader | { readonly type: 'farewell'; readonly farewell: Farewell };

export type Post = (message: TabMessage) => void;

/** The part of BroadcastChannel that tabs need. */
export interface TabChannel {
  postMessage: Post;
  onmessage: ((event: MessageEvent<TabMessage>) => void) | null;
  close: () => void;
}
