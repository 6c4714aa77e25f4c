import { FrontScreen, type SiteSettings } from '@/components/lobby/front-screen';
import { RETURN_REASONS, type ReturnReason } from '@/components/lobby/return-reason';
import type { ListedRoom, Lobby } from '@/domain/lobby';
import { roomIdSchema } from '@/domain/room';
import type { Hands } from '../hands';
import { NOW } from '../moment';
import type { GalleryState, Screen } from '../state';

const PRIVATE: SiteSettings = { publicRooms: false, contact: null, rules: null };
const PUBLIC: SiteSettings = {
  publicRooms: true,
  contact: 'mailto:mayfly@site.example',
  rules: 'https://site.example/rules',
};

const at = (site: SiteSettings, reason: ReturnReason | null = null): GalleryState => ({
  render: () => <FrontScreen reason={reason} theme="system" site={site} />,
});
const plain = at(PRIVATE);

const reasons: Screen = Object.fromEntries(RETURN_REASONS.map((reason) => [`reason ${reason}`, at(PRIVATE, reason)]));

const MINUTE_MS = 60_000;

function listed(index: number, topic: string, changes: Partial<ListedRoom> = {}): ListedRoom {
  return {
    roomId: roomIdSchema.parse(`Gallery9Listed${String(index).padStart(8, '0')}`),
    topic,
    language: 'en',
    members: 3,
    here: 2,
    maxMembers: 10,
    createdAt: NOW - 3 * MINUTE_MS,
    expiresAt: NOW + 7 * MINUTE_MS,
    ...changes,
  };
}

/** A site whose lobby says this. */
const lobby = (rooms: readonly ListedRoom[], numbers: Partial<Lobby> = {}): GalleryState => ({
  ...at(PUBLIC),
  content: { now: NOW, here: 12, rooms: rooms.length + 3, listed: [...rooms], ...numbers },
  act: ({ t, see }) => see(t('lobby.heading')),
});

const FEW = [
  listed(1, 'Balcony tomatoes, and what eats them'),
  listed(2, 'Schach für Anfänger', { language: 'de', members: 9, here: 9 }),
  listed(3, 'أحاديث عن الكتب', { language: 'ar', expiresAt: NOW + MINUTE_MS }),
  listed(4, 'Anything at all', { members: 1, here: 1, maxMembers: 100, expiresAt: NOW + 54 * MINUTE_MS }),
];
const MANY = Array.from({ length: 23 }, (_, index) =>
  listed(index, `Topic number ${index + 1}`, { members: 2 + (index % 7) }),
);
/** As long as a topic may be: in words, in one word, and wide. */
const LONG = [
  listed(1, 'How to keep a very small flat cool in a very long hot summer'),
  listed(2, 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunte', { language: 'de' }),
  listed(3, 'W'.repeat(60), { language: 'zh-Hant-TW', members: 999, here: 998, maxMembers: 1_000 }),
  listed(4, '天気の話をしましょう。'.repeat(6).slice(0, 60), { language: 'ja' }),
];

async function choosePublic({ t, press, see }: Hands) {
  await press(t('front.kind-public'));
  await see(t('lobby.publicBody'));
}

const lobbies = {
  'lobby loading': { ...at(PUBLIC), act: ({ t, see }) => see(t('lobby.heading')) },
  'lobby empty': lobby([]),
  'lobby, nobody here': lobby([], { here: 0, rooms: 0 }),
  'lobby, few': lobby(FEW),
  'lobby, many': lobby(MANY, { here: 312, rooms: 108 }),
  'lobby, all of many': {
    ...lobby(MANY),
    act: ({ t, press }) => press(t('lobby.showAll', { count: MANY.length })),
  },
  'lobby, long topics': lobby(LONG, { here: 4_321, rooms: 1_234 }),
  'lobby failed': {
    ...at(PUBLIC),
    answer: { reason: 'storage_unavailable' },
    act: ({ t, see }) => see(t('lobby.failed')),
  },
} satisfies Screen;

const presets = {
  'two of us': { ...plain, act: ({ t, press }) => press(t('front.kind-pair')) },
  public: { ...lobby(FEW), act: choosePublic },
  'public without a topic': {
    ...lobby(FEW),
    act: async (hands) => {
      await choosePublic(hands);
      await hands.press(hands.t('front.makePublic'));
      await hands.see(hands.t('listing.topicBlank'));
    },
  },
  'public with an address': {
    ...lobby(FEW),
    act: async (hands) => {
      await choosePublic(hands);
      await hands.fill(hands.t('listing.topic'), 'Come to example.com');
      await hands.see(hands.t('listing.topicAddress'));
    },
  },
  'public, too soon': {
    ...at(PUBLIC),
    answer: { reason: 'rate_limited', retryAfterSeconds: 240 },
    act: async (hands) => {
      await choosePublic(hands);
      await hands.fill(hands.t('listing.topic'), 'Balcony tomatoes');
      await hands.press(hands.t('front.makePublic'));
      await hands.see(hands.t('front.publicBusy', { minutes: 4 }));
    },
  },
} satisfies Screen;

export const front: Screen = {
  plain,
  'any number': { ...plain, act: ({ t, press }) => press(t('front.more')) },
  fault: {
    ...plain,
    act: async ({ t, press, fill, see }) => {
      await press(t('front.more'));
      await fill(t('front.peopleOther'), '0');
      await see(t('front.peopleFault', { min: '2', max: '1,000' }));
    },
  },
  opening: {
    ...plain,
    act: async ({ t, press, see }) => {
      await press(t('front.make'));
      await see(t('front.making'));
    },
  },
  failure: {
    ...plain,
    answer: { reason: 'rate_limited', retryAfterSeconds: 40 },
    act: async ({ t, press, see }) => {
      await press(t('front.make'));
      await see(t('failure.rate_limited', { seconds: 40 }));
    },
  },
  ...presets,
  ...lobbies,
  ...reasons,
};
