import type { Requester } from '@upstash/redis';
import { storageOver, type Storage } from '@/server/storage/client';

/**
 * `inner` with every command executed twice, as when an answer is lost on its way and the client asks again. The caller
 * gets the second answer.
 */
export function repeatCommands({ kind, requester, close }: Storage): Storage {
  const repeating: Requester = {
    request: async (asked) => {
      if (asked.path?.[0] !== 'subscribe') await requester.request(asked);
      return requester.request(asked);
    },
  };
  return storageOver(kind, { requester: repeating, close });
}
