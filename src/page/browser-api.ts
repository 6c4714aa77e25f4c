import { createRoomApi, type RoomApi } from '@/client/api';

/** The API of the server that the page came from. To be called in the browser only. */
export function browserApi(): RoomApi {
  return createRoomApi({
    origin: window.location.origin,
    fetcher: (input, init) => window.fetch(input, init),
    isOnline: () => navigator.onLine,
  });
}
