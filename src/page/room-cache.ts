import type { QueryClient } from '@tanstack/react-query';
import type { RoomView } from '@/client/api';
import type { Answer } from '@/domain/failure';
import type { RoomId } from '@/domain/room';
import type { Timed } from '@/session/server-clock';

export const roomKey = (roomId: RoomId) => ['room', roomId];

/** Lets the page of a room that was made here begin without asking for it. */
export function cacheRoom(client: QueryClient, { value: view, at }: Timed<RoomView>): void {
  const read: Timed<Answer<RoomView>> = { value: { ok: true, value: view }, at };
  client.setQueryData(roomKey(view.roomId), read);
}
