import { describe, expect, it } from 'vitest';
import { cursorSchema } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import {
  connectedFrame,
  endOfRoom,
  presenceChanged,
  publishedEvent,
  readAfreshFrame,
  reconnectFrame,
  storedEvent,
} from '@/server/realtime/wire';

const ROOM = roomIdSchema.parse('A'.repeat(22));
const CURSOR = cursorSchema.parse('17-3');
const text = (event: string, data: unknown, id = '17-3') => JSON.stringify({ data, event, channel: ROOM, id });

/** The one event that a reader finds in a frame. */
function read(bytes: Buffer | undefined): unknown {
  const lines = String(bytes);
  expect(lines).toMatch(/^data: [^\r\n]*\n\n$/);
  return JSON.parse(lines.slice('data: '.length));
}

describe('an event on the wire', () => {
  it('is what was published, byte for byte', () => {
    const published = text('chat.message', { text: 'é 🙂 \u2028 </script>' });
    expect(publishedEvent(published)?.bytes.toString()).toBe(`data: ${published}\n\n`);
  });

  it.each(['\n', '\r', '\r\n'])('is one line, also when it was published over several with %j', (line) => {
    const parts = ['{', `"data":{"text":"a\\nb"},`, `"event":"chat.message","channel":"${ROOM}",`, '"id":"17-3"}'];
    expect(read(publishedEvent(parts.join(line))?.bytes)).toEqual({
      data: { text: 'a\nb' },
      event: 'chat.message',
      channel: ROOM,
      id: '17-3',
    });
  });

  it.each([
    ['the event stored before it', '"previous":"17-2"', { previous: '17-2' }],
    ['whom it is for', '"to":"0123456789abcdef"', { to: '0123456789abcdef' }],
    ['the turn of a list', '"turn":"12"', {}],
    [
      'all of them',
      '"previous":"17-2","to":"0123456789abcdef","turn":"12"',
      { previous: '17-2', to: '0123456789abcdef' },
    ],
  ])('is the same bytes with %s at the end, which is for the hub alone', (_, field, known) => {
    const published = text('chat.message', { text: 'x","previous":"1-1"}' });
    const event = publishedEvent(`${published.slice(0, -1)},${field}}`);
    expect(event?.bytes.toString()).toBe(`data: ${published}\n\n`);
    expect(event).toMatchObject({ previous: null, to: null, ...known });
  });

  it('keeps what a member or a stock writer says under the names of the hub’s own words', () => {
    const data = { previous: '1-1', to: '0123456789abcdef', turn: '3' };
    const inside = text('chat.message', data);
    const last = JSON.stringify({ id: '17-3', event: 'chat.message', channel: ROOM, data });
    for (const published of [inside, last]) {
      expect(publishedEvent(published)).toMatchObject({ previous: null, to: null });
      expect(publishedEvent(published)?.bytes.toString()).toBe(`data: ${published}\n\n`);
    }
  });

  it('loses the hub’s own words also where they stand elsewhere, and heeds none that are malformed', () => {
    const published = JSON.stringify({ previous: '17-2', data: {}, event: 'chat.message', channel: ROOM, id: '17-3' });
    expect(read(publishedEvent(published)?.bytes)).toEqual({
      data: {},
      event: 'chat.message',
      channel: ROOM,
      id: '17-3',
    });
    expect(publishedEvent(text('chat.message', {}).replace(/\}$/, ',"previous":"soon","to":"all"}'))).toMatchObject({
      previous: null,
      to: null,
    });
  });

  it('is the same published and read from the stream', () => {
    const data = { id: 'x', text: '"quoted" 🙂' };
    const stored = storedEvent(['17-3', ['data', JSON.stringify(data), 'event', 'chat.message', 'channel', ROOM]]);
    expect(stored?.bytes).toEqual(publishedEvent(text('chat.message', data))?.bytes);
  });

  it.each([
    ['a ping of the library', JSON.stringify({ type: 'ping', timestamp: 1 })],
    ['no JSON', 'counting'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['an event without an id', JSON.stringify({ event: 'chat.message', channel: ROOM, data: {} })],
    ['an event with an id that is none', text('chat.message', {}, 'last')],
  ])('is not %s', (_, published) => {
    expect(publishedEvent(published)).toBeNull();
  });

  it.each([
    ['no fields', []],
    ['another field', ['data', '{}', 'event', 'chat.message']],
    ['data that is no JSON', ['data', 'bare', 'event', 'chat.message', 'channel', ROOM]],
  ])('is not an entry of the stream with %s', (_, pairs) => {
    expect(storedEvent(['17-3', pairs])).toBeNull();
  });

  it.each([
    ['chat.message', { memberId: 'm' }, true, null, null],
    ['member.left', { memberId: 'm', reason: 'left' }, true, { memberId: 'm' }, null],
    ['member.left', 'nobody', true, null, null],
    ['chat.destroy', { isDestroyed: true, reason: 'destroyed' }, false, 'room', null],
    ['presence.changed', { here: ['m'] }, false, null, { here: ['m'], turn: null }],
    ['presence.moved', { came: ['m'] }, false, null, { came: ['m'], went: [], turn: null }],
    ['room.waited', {}, false, null, null],
    ['presence.changed', { here: 'm' }, false, null, null],
  ])('shows what %s of %j ends, whether it is stored and who is here', (event, data, stored, ends, presence) => {
    expect(publishedEvent(text(event, data))).toMatchObject({ id: '17-3', stored, ends, presence });
  });
});

describe('words of the server’s own', () => {
  it.each([
    [connectedFrame(ROOM, CURSOR), { type: 'connected', channel: ROOM, cursor: '17-3' }],
    [reconnectFrame(5), { type: 'reconnect', timestamp: 5 }],
    [readAfreshFrame(), { type: 'error', error: 'read_afresh' }],
    [
      endOfRoom(ROOM, CURSOR, 'expired').bytes,
      { data: { isDestroyed: true, reason: 'expired' }, event: 'chat.destroy', channel: ROOM, id: '17-3' },
    ],
    [
      presenceChanged(ROOM, CURSOR, ['m'], 1).bytes,
      { data: { here: ['m'] }, event: 'presence.changed', channel: ROOM, id: '17-3' },
    ],
  ])('are what the library’s clients know', (bytes, word) => {
    expect(read(bytes)).toEqual(word);
  });
});
