import { describe, expect, expectTypeOf, it } from 'vitest';
import { type EventData, type EventName, parseRoomEvent, type RoomEvent } from '@/domain/events';
import type { Message } from '@/domain/message';

const MEMBER = 'M'.repeat(16);
const EVENTS: Record<EventName, unknown> = {
  'chat.message': { id: 'message-1', roomId: 'R'.repeat(22), memberId: MEMBER, sender: 'a', text: 'b', timestamp: 5 },
  'chat.destroy': { isDestroyed: true, reason: 'expired' },
  'message.removed': { id: 'message-1', memberId: MEMBER, by: 'N'.repeat(16) },
  'room.updated': { locked: true },
  'room.rekeyed': {
    epoch: 1,
    by: MEMBER,
    keyCheck: 'A'.repeat(11),
    previous: `v2.1.${'A'.repeat(16)}.B`,
    wraps: { [MEMBER]: `${'A'.repeat(16)}.${'B'.repeat(64)}` },
  },
  'member.joined': { memberId: MEMBER, joinedAt: 5 },
  'member.updated': { memberId: MEMBER, name: 'a' },
  'member.left': { memberId: MEMBER, reason: 'removed' },
  'member.knocked': { knockId: 'knock-1', name: 'a' },
  'member.whispered': { from: MEMBER, to: 'N'.repeat(16), text: 'a' },
  'member.signals': { typing: [MEMBER], seen: { [MEMBER]: '5-0' } },
  'presence.changed': { here: [MEMBER] },
  'presence.moved': { came: [MEMBER], went: ['N'.repeat(16)] },
  'room.waited': {},
};

describe('an event', () => {
  it.each(Object.entries(EVENTS))('%s is known by its name and its data', (event, data) => {
    expect(parseRoomEvent(event, data)).toEqual({ event, data });
  });

  it.each([
    ['chat.unknown', {}],
    ['__proto__', {}],
    ['constructor', {}],
    ['', {}],
    ['chat.destroy', { isDestroyed: false, reason: 'expired' }],
    ['chat.destroy', { isDestroyed: true, reason: 'bored' }],
    ['member.left', { memberId: 'short', reason: 'left' }],
    ['presence.changed', { here: [5] }],
    ['chat.message', { ...(Object(EVENTS['chat.message']) as object), about: { kind: 'edit' } }],
    ['message.removed', { id: 'message-1', memberId: MEMBER }],
    ['chat.message', null],
    ['chat.message', 'text'],
    ['chat.message', { ...(Object(EVENTS['chat.message']) as object), text: 123 }],
  ])('%s of %j is not one', (event, data) => {
    expect(parseRoomEvent(event, data)).toBeNull();
  });

  it('is typed by its name', () => {
    expectTypeOf<EventData<'chat.message'>>().toEqualTypeOf<Message>();
    expectTypeOf<Extract<RoomEvent, { event: 'member.left' }>['data']['reason']>().toEqualTypeOf<
      'left' | 'removed' | 'displaced' | 'moved'
    >();
  });
});
