import { EXTENSION_MS } from './limits';
import { ROOM_LIFETIME_SECONDS_MAX } from './room-limits';
import type { Room } from './room';

/** Whether a room may last ten minutes more: no room outlives its hour. */
export const canLastLonger = ({ createdAt, expiresAt }: Pick<Room, 'createdAt' | 'expiresAt'>): boolean =>
  expiresAt + EXTENSION_MS <= createdAt + ROOM_LIFETIME_SECONDS_MAX * 1_000;
