import type { WireEnvironment } from './line';
import { createElection, type Locks } from './tabs/election';
import { createFollower } from './tabs/follower';
import { createLeader } from './tabs/leader';
import type { Farewell, TabChannel, TabMessage } from './tabs/messages';
import { createReading, type ReadingHandlers } from './tabs/reading';
import { routeMessage } from './tabs/router';

export type { Farewell };

/** BroadcastChannel and Web Locks; where either is missing, every tab has a stream of its own. */
export interface StreamEnvironment extends WireEnvironment {
  readonly locks: Locks | undefined;
  readonly openChannel: ((name: string) => TabChannel) | undefined;
}

export interface StreamHandlers extends ReadingHandlers {
  /** Our own server wants no stream for us. `follow` opens it again, should room and seat be there all the same. */
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
 * The stream of a room for one tab, by one connection for all tabs of the browser (an origin has six on HTTP/1.1): the
 * tab that leads reads it and passes the bytes on. Every tab keeps its own position and takes each event once; a tab that
 * finds the leader's position ahead of its own has missed something, and reads the history again.
 */
export function openEventStream(environment: StreamEnvironment, roomId: string, handlers: StreamHandlers): EventStream {
  const { locks, openChannel, page } = environment;
  const name = `mayfly:${roomId}`;
  const isShared = locks !== undefined && openChannel !== undefined;
  let isStarted = false;
  let channel: TabChannel | undefined;

  const post = (message: TabMessage) => channel?.postMessage(message);
  const reading = createReading({
    ...handlers,
    onAfresh: () => {
      leader.closeLine();
      handlers.onAfresh();
    },
  });
  const leader = createLeader(environment, roomId, reading, post, handlers.onRefused);
  const takeOver = () => leader.isLeading() || election.seek(true);
  const follower = createFollower(page, reading, post, handlers.onRefused, takeOver);
  const election = createElection(isShared ? locks : undefined, name, {
    onElected: () => {
      follower.stop();
      leader.lead();
    },
    onDeposed: () => {
      leader.stepDown();
      reading.setState('reconnecting');
      follower.greet();
    },
  });

  function start() {
    isStarted = true;
    if (isShared) {
      // After a stop nothing was heard: whatever others then say of the line is news.
      if (reading.state() !== 'connecting') reading.setState('reconnecting');
      channel = openChannel(name);
      // Only pages of this origin are on the channel, and they run this code.
      channel.onmessage = ({ data }) => routeMessage(data, leader, follower, handlers.onFarewell);
      follower.greet();
    }
    election.seek();
  }

  function stop() {
    follower.stop();
    leader.stepDown();
    election.withdraw();
    channel?.close();
    channel = undefined;
  }

  const unfollow = page.follow((signal) => {
    if (!isStarted) return;
    // A page in the back/forward cache may hold neither lock nor channel.
    if (signal === 'left') stop();
    if (signal === 'restored') start();
    if (signal === 'visible' && !leader.isLeading() && channel) {
      follower.greet();
      // Nobody looks at the leader, which may be waiting for the moment of its renewal.
      post({ type: 'hurry' });
    }
  });

  return {
    follow: (cursor) => {
      reading.follow(cursor);
      if (isStarted) leader.resume();
      else start();
    },
    hurry: () => {
      if (leader.isLeading()) leader.hear({ type: 'hurry' });
      else post({ type: 'hurry' });
    },
    close: (farewell) => {
      if (farewell) post({ type: 'farewell', farewell });
      unfollow();
      stop();
    },
  };
}
