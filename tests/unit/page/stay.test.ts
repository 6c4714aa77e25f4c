import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { browserStay, purgeStay, recallStay } from '@/page/stay';
import { FakeStorage } from '@tests/unit/client/fake-browser';

const ROOM = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const OTHER = roomIdSchema.parse('Zz0Bb1Cc2Dd3Ee4Ff5Gg6H');

let storage: FakeStorage;
let cookies: string[];

function stubBrowser(browser: object, protocol = 'http:') {
  vi.stubGlobal('window', { location: { protocol }, ...browser });
  vi.stubGlobal('document', {
    set cookie(cookie: string) {
      cookies.push(cookie);
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  storage = new FakeStorage();
  cookies = [];
  stubBrowser({ navigation: { currentEntry: { key: 'entry' } } });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('is noted for the room’s own pages, up to its end, with the entry of the tab’s history and nothing that opens the room', () => {
  browserStay(storage).keep(ROOM, 1_060_900);
  expect(cookies).toEqual([`seated=1; Path=/room/${ROOM}; Max-Age=60; SameSite=Lax`]);
  expect(recallStay(storage)).toEqual({ roomId: ROOM, endsAt: 1_060_900, entry: 'entry' });
});

it('is never sent unencrypted once it was noted over https', () => {
  stubBrowser({}, 'https:');
  browserStay(storage).keep(ROOM, 1_060_000);
  expect(cookies).toEqual([`seated=1; Path=/room/${ROOM}; Max-Age=60; SameSite=Lax; Secure`]);
});

it('is not noted in the tab by a browser that could not find the way back', () => {
  stubBrowser({});
  browserStay(storage).keep(ROOM, 1_060_000);
  expect(storage.length).toBe(0);
});

it('ends with its own room, not with another one', () => {
  const stay = browserStay(storage);
  stay.keep(ROOM, 1_060_000);
  stay.drop(OTHER);
  expect(recallStay(storage)?.roomId).toBe(ROOM);
  stay.drop(ROOM);
  expect(recallStay(storage)).toBeNull();
  expect(cookies.at(-1)).toBe(`seated=1; Path=/room/${ROOM}; Max-Age=0; SameSite=Lax`);
});

it.each([
  ['that has ended', JSON.stringify({ roomId: ROOM, endsAt: 999_999, entry: 'entry' }), null],
  ['that is malformed', '{"roomId":', null],
  ['that another program left', '"entry"', null],
  ['of a room that lives', JSON.stringify({ roomId: ROOM, endsAt: 1_000_001, entry: 'entry' }), ROOM],
])('a note %s is what the next page load leaves of it', (_what, note, roomId) => {
  storage.setItem('mayfly:stay', note);
  purgeStay(storage, Date.now());
  expect(recallStay(storage)?.roomId ?? null).toBe(roomId);
  expect(storage.length).toBe(roomId === null ? 0 : 1);
});
