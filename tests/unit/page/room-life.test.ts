import { describe, expect, it } from 'vitest';
import { createTranslator } from 'next-intl';
import { LOCALE } from '@/i18n/locale';
import messages from '@/i18n/words/en.json';
import { lifeOf, seeRoom } from '@/page/room-life';
import { roomIdSchema, type Room } from '@/domain/room';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

describe('how long a room lived', () => {
  it.each([
    ['not a minute', 59 * SECOND_MS, 0],
    ['a minute', MINUTE_MS, 1],
    ['a minute and a bit', 89 * SECOND_MS, 1],
    ['almost two', 91 * SECOND_MS, 2],
    ['its whole time', 14 * MINUTE_MS, 14],
    ['no longer than its time, however late that is found', 40 * MINUTE_MS, 14],
    ['its whole time where it expired, whatever the clock says', Infinity, 14],
  ])('is counted in whole minutes: %s', (_how, now, minutes) => {
    expect(lifeOf({ createdAt: 0, expiresAt: 14 * MINUTE_MS, people: 3 }, now)).toEqual({ minutes, people: 3 });
  });
});

it('a room that is seen again has had at least as many people as before', () => {
  const room: Room = {
    roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
    createdAt: 0,
    expiresAt: MINUTE_MS,
    now: 0,
    members: 3,
    here: 1,
    maxMembers: 10,
    sealed: true,
    locked: false,
    entry: 'open',
    listed: false,
    slowModeSeconds: 0,
    signals: { typing: true, seen: true },
    files: null,
  };
  const seen = seeRoom(null, room);
  expect(seeRoom(seen, { ...room, members: 1 })).toMatchObject({ people: 3 });
  expect(seeRoom(seen, { ...room, members: 4 })).toMatchObject({ people: 4 });
});

it('the line of the end counts as one speaks', () => {
  const t = createTranslator({ locale: LOCALE, messages });
  // A number does not stand at the end of a line, away from what it counts.
  const line = (minutes: number, people: number) => t('ended.over', { minutes, people }).replaceAll('\u00a0', ' ');
  expect(line(14, 3)).toBe('It’s gone. 14 minutes, 3 people, nothing kept.');
  expect(line(1, 1)).toBe('It’s gone. 1 minute, 1 person, nothing kept.');
  expect(line(0, 2)).toBe('It’s gone. Less than a minute, 2 people, nothing kept.');
});
