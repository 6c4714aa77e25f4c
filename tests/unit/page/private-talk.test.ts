import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createIdentityStore } from '@/page/identity-store';
import { askForKeys, type KeyChannel } from '@/page/keys-of-other-tabs';
import { privateTalkOf } from '@/page/private-talk';
import { FakeStorage } from '@tests/unit/client/fake-browser';
import { eventually } from '@tests/support/eventually';
import { FakeTabs } from '@tests/support/private-talks';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';

const cookies: string[] = [];
const NAMES = { adjectives: ['Quiet'], animals: ['Otter'] };

beforeEach(() => {
  cookies.length = 0;
  vi.stubGlobal('window', { location: { protocol: 'https:' } });
  vi.stubGlobal('document', {
    set cookie(value: string) {
      cookies.push(value);
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A browser that keeps no keys: they are in the page’s memory alone. */
function forgetfulBrowser(room = new FakeRoom()) {
  const tabs = new FakeTabs();
  const openKeyChannel = (name: string): KeyChannel => tabs.open(name);
  const identities = createIdentityStore(() => {
    throw new Error('no storage');
  });
  const parts = privateTalkOf({
    api: room.api,
    identities,
    storage: new FakeStorage(),
    random: () => 0.5,
    names: NAMES,
    openKeyChannel,
  });
  return { room, identities, parts, openKeyChannel };
}

async function made({ openRoom }: ReturnType<typeof forgetfulBrowser>['parts']) {
  const answer = await openRoom(600);
  if (!answer.ok) throw new Error(answer.failure.reason);
  return answer.value;
}

it('a private room is sealed, for two, and locks itself when both are in', async () => {
  const { room, parts } = forgetfulBrowser();
  const { path, secret, roomId, leftMs } = await made(parts);
  expect(room.sent).toMatchObject([{ sealed: true, maxMembers: 2, locksWhenFull: true, lifetimeSeconds: 600 }]);
  expect(JSON.stringify(room.sent)).not.toContain(secret);
  expect(path).toBe(`/room/${roomId}#${secret}`);
  expect(leftMs).toBeGreaterThan(590_000);
  expect(cookies).toEqual([expect.stringMatching(`^seated=1; Path=/room/${ROOM_ID}; Max-Age=5\\d\\d`)]);
});

it('its keys are given to the tab that goes there, where the browser keeps none, until it is closed', async () => {
  const { room, identities, parts, openKeyChannel } = forgetfulBrowser();
  const { close } = await made(parts);
  const kept = await identities.load(ROOM_ID);
  const memberId = kept?.identity.memberId ?? ME;
  expect((await askForKeys(openKeyChannel, ROOM_ID, memberId))?.identity.memberId).toBe(memberId);
  close();
  expect(room.calls).toContain('destroyRoom');
  expect(cookies.at(-1)).toContain('Max-Age=0');
  await eventually(async () => expect(await identities.load(ROOM_ID)).toBeNull());
  expect(await askForKeys(openKeyChannel, ROOM_ID, memberId)).toBeNull();
});

it('it is met in once somebody else has a seat there, as far as the server says', async () => {
  const { room, parts } = forgetfulBrowser();
  const { isMet } = await made(parts);
  expect(await isMet()).toBe(false);
  room.join(OTHER);
  expect(await isMet()).toBe(true);
  room.refusals.set('readRoom', { reason: 'unreachable' });
  expect(await isMet()).toBe(false);
});

it('a room that cannot be made says why', async () => {
  const { room, parts } = forgetfulBrowser();
  room.refusals.set('openRoom', { reason: 'rate_limited' });
  expect(await parts.openRoom(600)).toEqual({ ok: false, failure: { reason: 'rate_limited' } });
});
