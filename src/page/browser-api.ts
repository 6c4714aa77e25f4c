import { createRoomApi, type RoomApi } from '@/client/api';
import { browserFetch } from './outdated-page';

/** The API of the server that the page came from. To be called in the browser only. */
export function browserApi(): RoomApi {
  return createRoomApi({
    origin: window.location.origin,
    fetcher: browserFetch,
    isOnline: () => navigator.onLine,
  });
}
