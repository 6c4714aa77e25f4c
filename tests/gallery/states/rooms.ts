import type { RoomInfo } from '@/session/room-session';
import { NOW } from '../moment';
import { ines, person, rowan, you } from '../people';
import type { GalleryState, Screen } from '../state';
import { notice, says, talk, type Line } from '../talk';
import { inside } from './inside';
import { TALK } from './talks';

const people = [you, rowan, ines];
const entries = talk(...TALK);
/** With what is said in the last minute. */
const waning = talk(...TALK, notice('last-minute'), says(rowan, 'Good night, then.'));

const muted = {
  'not-next': mutedBy('not-next'),
  'no-wrap': mutedBy('no-wrap'),
  'wrong-check': mutedBy('wrong-check'),
  'previous-unverified': mutedBy('previous-unverified'),
  'another-secret': mutedBy('another-secret'),
  'not-listed': mutedBy('not-listed'),
  'not-the-owner': mutedBy('not-the-owner'),
  'maker-unverified': mutedBy('maker-unverified'),
  'rolled-back': mutedBy('rolled-back'),
  split: mutedBy('split'),
  'keys-lost': mutedBy('keys-lost'),
} satisfies Record<NonNullable<RoomInfo['muted']>, GalleryState>;

function mutedBy(trouble: NonNullable<RoomInfo['muted']>): GalleryState {
  return inside({ people, entries, muted: trouble });
}

/** A talk in which one hears nobody. */
const ALONE: readonly Line[] = [says(you, 'Anybody here?'), says(you, 'I’ll wait.', { pause: 90 })];

const PUBLIC = { sealed: false, listed: true, topic: 'Balcony tomatoes', language: 'en' };

export const rooms = {
  loading: inside({ people: [you], connection: 'connecting', transcript: { state: 'loading' } }),
  'history failed': inside({ people, transcript: { state: 'failed' } }),
  'empty, alone': inside({ people: [you] }),
  'empty, alone, on a browser that shares': inside({ people: [you] }, { pretend: { share: () => Promise.resolve() } }),
  'empty, with others': inside({ people }),
  'empty, locked': inside({ people: [you], room: { locked: true } }),
  'alone in a talk': inside({ people: [you], entries: talk(...ALONE) }),
  reconnecting: inside({ people, entries, connection: 'reconnecting' }),
  offline: inside({ people, entries, connection: 'offline' }),
  'plain room': inside({ people, entries, room: { sealed: false } }),
  'plain room, reconnecting': inside({ people, entries, room: { sealed: false }, connection: 'reconnecting' }),
  public: inside({ people, entries, room: PUBLIC }),
  'public, long topic': inside({
    people,
    entries,
    room: { ...PUBLIC, topic: 'How to keep a very small flat cool in a very long hot summer' },
  }),
  'public and locked': inside({ people, entries, room: { ...PUBLIC, locked: true } }),
  'public and slow': inside({ people, entries, room: { ...PUBLIC, slowModeSeconds: 30 } }),
  'public, locked and slow': inside({ people, entries, room: { ...PUBLIC, locked: true, slowModeSeconds: 30 } }),
  'public, reconnecting': inside({ people, entries, room: PUBLIC, connection: 'reconnecting' }),
  locked: inside({ people, entries, room: { locked: true } }),
  'last minute': inside({ people, entries: waning, room: { expiresAt: NOW + 42_000 } }),
  'last seconds': inside({ people, entries: waning, room: { expiresAt: NOW + 7_000 } }),
  'an hour': inside({ people, entries, room: { createdAt: NOW, expiresAt: NOW + 3_600_000 } }),
  'fleeting keys': inside({ people, entries }, { hasFleetingKeys: true }),
  'outdated page': inside({ people, entries, outdated: true, draft: 'Half a sentence' }),
  'action failed': inside({ people, entries, actions: { failure: { reason: 'rate_limited', retryAfterSeconds: 5 } } }),
  'removed but not locked': inside({
    people,
    entries,
    actions: { failure: { reason: 'unreachable' }, lockFailed: true },
  }),
  'everything at once': inside(
    {
      people,
      entries,
      connection: 'reconnecting',
      outdated: true,
      muted: 'keys-lost',
      actions: { failure: { reason: 'offline' } },
    },
    { hasFleetingKeys: true },
  ),
  'somebody without a name': inside({
    people: [you, person('', { id: 'Nameless', name: null, tint: 6 })],
    entries: talk(says(person('', { id: 'Nameless', name: null, tint: 6 }), 'Who am I?')),
  }),
} satisfies Screen;

export const keyTroubles = muted satisfies Screen;
