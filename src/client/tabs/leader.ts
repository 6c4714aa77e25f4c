import { openWire, type Wire, type WireEnvironment, type WireState } from '../line';
import { resumePoint } from '../position';
import type { Post, ToLeader } from './messages';
import type { Reading } from './reading';

export type Leader = ReturnType<typeof createLeader>;

/**
 * The tab that leads: it owns the line, reads from it and passes the bytes on. It knows neither how it became the leader
 * nor whether anyone follows.
 */
export function createLeader(
  environment: WireEnvironment,
  roomId: string,
  reading: Reading,
  post: Post,
  onRefused: (status: number) => void,
) {
  let isLeading = false;
  let wire: Wire | undefined;

  function setState(state: WireState) {
    post({ type: 'state', state, tip: reading.position.tip });
    reading.setState(state);
  }

  /** A first attempt stays one: nothing has been lost yet. */
  function loseLine() {
    if (reading.state() !== 'connecting') setState('reconnecting');
  }

  function closeLine() {
    wire?.close();
    wire = undefined;
  }

  /** Opens the line where there is none, unless the history is being read again: `resume` is called after that. */
  function resume() {
    if (!isLeading || wire || reading.hasMissed()) return;
    loseLine();
    const url = () => `/api/realtime?channel=${roomId}&last_ack_${roomId}=${resumePoint(reading.position)}`;
    wire = openWire(environment, url, {
      onMessage: (message, raw) => {
        post({ type: 'bytes', raw, tip: reading.position.tip });
        reading.take(message);
      },
      onState: setState,
      onRefused: (status) => {
        // The wire has closed itself, and nothing is heard until `resume` opens another one.
        wire = undefined;
        loseLine();
        post({ type: 'refused', status });
        onRefused(status);
      },
    });
  }

  return {
    isLeading: () => isLeading,
    resume,
    closeLine,

    lead: () => {
      isLeading = true;
      resume();
    },

    stepDown: () => {
      isLeading = false;
      closeLine();
    },

    hear: ({ type }: ToLeader) => {
      switch (type) {
        case 'hello':
          setState(reading.state());
          break;
        case 'hurry':
          wire?.hurry();
          break;
      }
    },
  };
}
