import { roomParts } from '@/components/room/use-room-parts';

/**
 * The inside is fetched while the room is made or looked at: the door can be used without it. Its frame and the composer, by which one
 * can write, wait for nothing else.
 */
export function loadInside() {
  roomParts.fetch();
  return import(/* webpackChunkName: "inside" */ './inside-screen');
}
