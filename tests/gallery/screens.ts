import type { RoomScreen } from '@/page/room-screen';
import type { GalleryState, Screen } from './state';
import { ended, errors, loading, trouble } from './states/around';
import { doors } from './states/door';
import { composing } from './states/composing';
import { civil } from './states/civil';
import { front } from './states/front';
import { lastWords } from './states/last-words';
import { opened, people } from './states/opened';
import { party } from './states/party';
import { privateTalks } from './states/private-talk';
import { receiving } from './states/receiving';
import { keyTroubles, rooms } from './states/rooms';
import { searches } from './states/search';
import { sending } from './states/sending';
import { steering } from './states/steering';
import { talks } from './states/talks';

/** Every state of every screen. */
export const SCREENS = {
  front,
  loading,
  door: doors,
  trouble,
  room: rooms,
  'key trouble': keyTroubles,
  talk: { ...talks, ...party },
  composer: composing,
  sending,
  receiving,
  search: searches,
  'last words': lastWords,
  steering,
  people,
  'private talk': privateTalks,
  opened,
  civil,
  ended,
  errors,
} satisfies Record<string, Screen>;

/** One state for each kind of screen that a room's page has: the compiler asks for it. */
export const OF_EACH_KIND: Record<RoomScreen['state'], GalleryState> = {
  loading: loading['the door'],
  'not-found': loading['not found'],
  unreachable: trouble.unreachable,
  'insecure-context': trouble['insecure context'],
  'key-missing': trouble['key missing'],
  'key-wrong': trouble['key wrong'],
  'key-replaced': trouble['key replaced'],
  door: doors.open,
  inside: talks.talk,
  ended: ended.expired,
};

/** All states by their whole names, such as `door/locked`. */
export const STATES: ReadonlyMap<string, GalleryState> = new Map(
  Object.entries(SCREENS).flatMap(([screen, states]) =>
    Object.entries<GalleryState>(states).map(([name, state]) => [`${screen}/${name}`, state] as const),
  ),
);
