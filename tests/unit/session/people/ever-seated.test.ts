import { describe, expect, it } from 'vitest';
import { memberIdSchema } from '@/domain/room';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { countEverSeated } from '@/session/people/ever-seated';
import type { Person } from '@/session/people/roster';
import type { MessageEntry, NoticeEntry } from '@/session/messages/transcript';

const idOf = (name: string) => memberIdSchema.parse(name.padEnd(16, '0'));
const cursor = cursorSchema.parse('1-0');

const seated = (name: string): Person => ({
  memberId: idOf(name),
  name,
  tint: 0,
  owner: false,
  here: true,
  self: false,
  joinedAt: 0,
});
const said = (name: string): MessageEntry => ({
  kind: 'message',
  id: messageIdSchema.parse(`message-of-${name}`),
  key: name,
  cursor,
  memberId: idOf(name),
  self: false,
  name,
  tint: 0,
  text: 'something',
  timestamp: 0,
  state: 'sent',
});
const noticed = (notice: NoticeEntry['notice'], name?: string, other?: string): NoticeEntry => ({
  kind: 'notice',
  id: `${notice} ${name}`,
  cursor,
  timestamp: 0,
  notice,
  ...(name !== undefined && { memberId: idOf(name) }),
  ...(other !== undefined && { otherId: idOf(other) }),
  name: name ?? null,
  self: false,
});

describe('the people who ever had a seat', () => {
  it.each([
    ['those who have one', [seated('Ann'), seated('Bob')], [], 2],
    ['those who left without a word', [seated('Ann')], [noticed('joined', 'Bob'), noticed('left', 'Bob')], 2],
    ['those who came back under another id', [seated('Ann')], [noticed('left', 'Bob'), noticed('joined', 'Rob')], 3],
    ['those of whom only a message is left', [seated('Ann')], [said('Bob'), said('Ann')], 2],
    [
      'one person who goes on with new keys once',
      [seated('Ann'), seated('Bob2')],
      [said('Bob'), noticed('moved', 'Bob', 'Bob2')],
      2,
    ],
    ['nobody for what happens to the room', [seated('Ann')], [noticed('locked'), noticed('last-minute')], 1],
  ] as const)('count %s', (_who, roster, entries, people) => {
    expect(countEverSeated(roster, entries)).toBe(people);
  });
});
