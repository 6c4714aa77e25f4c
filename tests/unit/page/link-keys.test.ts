import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/room-keys';
import { roomIdSchema, type Room } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { readLink } from '@/page/link-keys';

const [first, second, newest, foreign] = [makeSecret(), makeSecret(), makeSecret(), makeSecret()];
let checks: KeyCheck[];

beforeAll(async () => {
  const keys = await Promise.all([first, second, newest].map((secret) => deriveRoomKeys(secret, 0)));
  checks = keys.map(({ keyCheck }) => keyCheck);
});

const room = (sealed: boolean): Room => ({
  roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
  createdAt: 0,
  expiresAt: 600_000,
  now: 0,
  members: 1,
  here: 1,
  maxMembers: 10,
  sealed,
  locked: false,
  entry: 'open',
  listed: false,
  slowModeSeconds: 0,
  signals: { typing: true, seen: true },
  files: null,
  ...(sealed && checks[2] !== undefined && { keyCheck: checks[2], epoch: 2, replaced: checks.slice(0, 2) }),
});

describe('the link of a sealed room', () => {
  it('opens the newest epoch', async () => {
    expect(await readLink(room(true), `#${newest}`)).toMatchObject({
      isReplaced: false,
      keys: { epoch: 2, secret: newest },
    });
  });

  it.each([
    [0, first],
    [1, second],
  ])('of epoch %d was replaced, and says which epoch it opens', async (epoch, secret) => {
    expect(await readLink(room(true), secret)).toMatchObject({ isReplaced: true, keys: { epoch, secret } });
  });

  it.each([
    ['', 'key-missing'],
    ['#', 'key-missing'],
    ['#short', 'key-wrong'],
    [`#${foreign}`, 'key-wrong'],
    [`#${newest}x`, 'key-wrong'],
  ])('with the fragment %j is %s', async (fragment, trouble) => {
    expect(await readLink(room(true), fragment)).toBe(trouble);
  });

  it('opens nothing without Web Crypto', async () => {
    vi.stubGlobal('crypto', {});
    expect(await readLink(room(true), `#${newest}`)).toBe('insecure-context');
    vi.unstubAllGlobals();
  });
});

describe('the link of a plain room', () => {
  it('has no key, and one that promises a key is not given plain text', async () => {
    expect(await readLink(room(false), '')).toEqual({ keys: null, isReplaced: false });
    expect(await readLink(room(false), `#${newest}`)).toBe('key-wrong');
  });
});
