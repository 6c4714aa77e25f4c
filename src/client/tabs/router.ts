import type { Follower } from './follower';
import type { Leader } from './leader';
import type { Farewell, TabMessage } from './messages';

/** Passes a message from another tab to the role it is meant for. It knows neither the channel nor the election. */
export function routeMessage(
  message: TabMessage,
  leader: Leader,
  follower: Follower,
  onFarewell: (farewell: Farewell) => void,
): void {
  switch (message.type) {
    case 'farewell':
      onFarewell(message.farewell);
      break;
    case 'hello':
    case 'hurry':
      if (leader.isLeading()) leader.hear(message);
      break;
    case 'bytes':
    case 'state':
    case 'refused':
      // A leader that was frozen goes on speaking until it learns that the lead was taken from it.
      if (!leader.isLeading()) follower.hear(message);
      break;
  }
}
