import type { RoomId } from '@/domain/room';

export const KNOCKS_PREFIX = 'mayfly:knock:';

/** Under this key a tab notes that its person waits at a room's door, so that a reload goes on waiting. */
export const knockKey = (roomId: RoomId) => KNOCKS_PREFIX + roomId;
