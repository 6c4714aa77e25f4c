import { lobbySchema, type Lobby } from '@/domain/lobby';
import type { Answer } from '@/domain/failure';
import type { RoomApi } from '@/client/api';
import { browserApi } from './browser-api';
import { createLobby, type FollowedLobby } from './lobby';

/** Longer than the slowest start of a serverless function; after this no answer is expected. */
const ANSWER_MS_MAX = 15_000;

/** The lobby of the site that the page came from. To be called in the browser only. */
export function browserLobby(): FollowedLobby {
  const api = browserApi();
  return createLobby({
    readLobby: () => readLobby(api),
    isVisible: () => document.visibilityState === 'visible',
    page: [document, window],
  });
}

/** The front page alone makes this call, so it is no part of what rooms load. */
function readLobby({ request }: Pick<RoomApi, 'request'>): Promise<Answer<Lobby>> {
  return request('/api/lobby', { signal: AbortSignal.timeout(ANSWER_MS_MAX) }, async (response) => {
    const { success, data } = lobbySchema.safeParse(await response.json());
    return success ? data : null;
  });
}
