import type { RoomOffer } from '@/domain/content';
import { roomIdSchema, type RoomId } from '@/domain/room';

/** Links of other rooms of the site that this room is on. */
export interface RoomLinks {
  readonly linkTo: (offer: RoomOffer) => string;
  /** The room that a text is the link of, and nothing else; null for any other text, and in a sealed room, which has a content for it. */
  readonly roomIn: (text: string) => RoomOffer | null;
}

/** `link`: this room's own, without a secret. */
export function createRoomLinks(link: string, roomId: RoomId, isSealed: boolean): RoomLinks {
  const place = link.indexOf(roomId);
  const base = place < 0 ? null : link.slice(0, place);
  return {
    linkTo: ({ roomId: other, secret }) => `${base ?? ''}${other}${secret === undefined ? '' : `#${secret}`}`,
    roomIn: (text) => {
      if (isSealed || base === null || !text.startsWith(base)) return null;
      const other = roomIdSchema.safeParse(text.slice(base.length));
      return other.success && other.data !== roomId ? { roomId: other.data } : null;
    },
  };
}
