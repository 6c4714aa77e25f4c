import { describe, expect, it } from 'vitest';
import { cursorSchema } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import { connectedFrame, endOfRoom, presenceChanged, publishedEvent, readAfreshFrame, reconnectFrame, storedEvent } from '@/server/realtime/wire';

const ROOM = roomIdSchema.parse('A'.repeat(22));
const CURSOR = cursorSchema.parse('17-3');
const text = (event: string, data: unknown, id = '17-3') => JSON.stringify({ data, event, channel: ROOM, id });

/** What a reader gets of a frame; there is one event in each. */
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
    expect(read(publishedEvent(parts.join(line))?.bytes)).toEqual({ data: { text: 'a\nb' }, event: 'chat.message', channel: ROOM, id: '17-3' });
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
    ['presence.changed', { here: ['m'] }, false, null, '["m"]'],
    ['presence.changed', { here: 'm' }, false, null, null],
  ])('tells what %s of %j ends, whether it is stored and who is here', (event, data, stored, ends, here) => {
    expect(publishedEvent(text(event, data))).toMatchObject({ id: '17-3', stored, ends, here });
  });
});

describe('words of the server’s own', () => {
  it.each([
    [connectedFrame(ROOM, CURSOR), { type: 'connected', channel: ROOM, cursor: '17-3' }],
    [reconnectFrame(5), { type: 'reconnect', timestamp: 5 }],
    [readAfreshFrame(), { type: 'error', error: 'read_afresh' }],
    [endOfRoom(ROOM, CURSOR, 'expired').bytes, { data: { isDestroyed: true, reason: 'expired' }, event: 'chat.destroy', channel: ROOM, id: '17-3' }],
    [presenceChanged(ROOM, CURSOR, '["m"]').bytes, { data: { here: ['m'] }, event: 'presence.changed', channel: ROOM, id: '17-3' }],
  ])('are what the library’s clients know', (bytes, word) => {
    expect(read(bytes)).toEqual(word);
  });
});
