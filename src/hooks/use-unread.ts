'use client';

import type { RoomSession } from '@/session/room-session';
import type { Unread, UnreadMessages } from '@/session/unread';
import { useStore } from './use-store';

/** Messages that came while nobody looked at the end of the talk; `setAtEnd` says whether the reader is there. */
export function useUnread({ unread }: RoomSession): Unread & Pick<UnreadMessages, 'setAtEnd'> {
  return { ...useStore(unread), setAtEnd: unread.setAtEnd };
}
