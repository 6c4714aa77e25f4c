import 'server-only';
import type { FileLimits, RoomId } from '@/domain/room';
import type { RoomHub } from '@/server/realtime/hub';
import type { Storage } from '@/server/storage/client';
import type { LobbyBoard } from './lobby-board';

/** What every use case stands on. Tests make one for each storage; a process has one of its own. */
export interface ServerContext {
  readonly storage: Storage;
  readonly hub: RoomHub;
  /** Whether 429s are given; the room's own bounds hold in either case. */
  readonly rateLimits: boolean;
  /** What new rooms take of files; null where files are off. */
  readonly files: FileLimits | null;
  /** The front page's list and counts; null where the operator keeps no public rooms. */
  readonly lobby: LobbyBoard | null;
}

/** A request about a room, with the hash of its credential, empty when none was sent. */
export interface RoomRequest {
  roomId: RoomId;
  tokenHash: string;
}
