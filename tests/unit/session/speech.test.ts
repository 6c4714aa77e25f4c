import { describe, expect, it } from 'vitest';
import type { Content } from '@/domain/content';
import { SEALED_CONTENT_BYTES_MAX, TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { cursorSchema, messageIdSchema, messageWithCursorSchema } from '@/domain/message';
import { sealedSchema } from '@/domain/sealed';
import { createStore } from '@/lib/store';
import { createContext, type SessionContext } from '@/session/session-context';
import { saidOf } from '@/session/speech';
import type { Visit } from '@/session/visit';
import { sealRoom } from '@tests/support/sealed-room';
import { FakeRoom, ME, OTHER, ROOM_ID } from './fake-room';
import { browserOf, visitOf } from './fake-visit';

const on = { id: messageIdSchema.parse('message-1'), by: OTHER };
const id = messageIdSchema.parse('message-2');

/** What a session speaks with, in a room of its own. */
function speakerIn(room: FakeRoom, member: Partial<Visit> = {}): SessionContext {
  return createContext(browserOf(room), visitOf(room, { name: 'Ann', ...member }), {
    connection: createStore({ state: 'live' as const, since: 0 }),
    over: new AbortController().signal,
    end: () => undefined,
    reseat: () => undefined,
    parts: () => {
      throw new Error('nothing else is there');
    },
  });
}

const plain = () => speakerIn(new FakeRoom());
async function sealed() {
  const room = new FakeRoom();
  return speakerIn(room, await sealRoom(room));
}
const stored = (words: object, memberId = ME) =>
  messageWithCursorSchema.parse({
    ...words,
    id,
    roomId: ROOM_ID,
    memberId,
    timestamp: 5,
    cursor: cursorSchema.parse('5-0'),
  });

const CONTENTS: readonly Content[] = [
  { kind: 'text', text: 'Hello' },
  { kind: 'text', text: 'Yes', re: on },
  { kind: 'reaction', emoji: '👍', on },
  { kind: 'edit', id: on.id, n: 3, text: 'Hello!' },
  { kind: 'room', roomId: ROOM_ID, secret: 'x'.repeat(43) },
];

describe('a content', () => {
  it.each(CONTENTS)(
    'of the kind $kind comes out of a sealed room as it went in, as one sealed string',
    async (content) => {
      const { voice, self } = await sealed();
      const words = await voice.say(id, 'a name that stays in the card', content);
      expect(Object.keys(words)).toEqual(['text']);
      expect(sealedSchema.safeParse(words.text).success).toBe(true);
      expect(await voice.hear(stored(words, self))).toMatchObject({
        sender: 'Ann',
        said: saidOf(content, self),
      });
    },
  );

  it.each([
    [CONTENTS[0], { text: 'Hello' }, { kind: 'text', text: 'Hello' }],
    [
      CONTENTS[1],
      { text: 'Yes', about: { kind: 'reply', id: on.id } },
      { kind: 'text', text: 'Yes', re: { id: on.id } },
    ],
    [
      CONTENTS[2],
      { text: '👍', about: { kind: 'reaction', id: on.id } },
      { kind: 'reaction', emoji: '👍', on: { id: on.id } },
    ],
    [
      CONTENTS[3],
      { text: 'Hello!', about: { kind: 'edit', id: on.id } },
      { kind: 'edit', text: 'Hello!', n: 0, of: { id: on.id } },
    ],
  ] as const)('stands on the message itself in a plain room: %j', async (content, parts, said) => {
    const { voice } = plain();
    const words = await voice.say(id, 'Ann', content ?? { kind: 'text', text: '' });
    expect(words).toEqual({ sender: 'Ann', ...parts });
    expect((await voice.hear(stored(words)))?.said).toEqual(said);
  });

  it.each([
    ['a reaction of two characters', { text: '👍👍', about: { kind: 'reaction', id: on.id } }, 'unopened'],
    ['a blank text', { text: ' ' }, 'unopened'],
    ['something that a newer server knows', { text: 'x', about: { kind: 'poll', id: on.id } }, 'newer'],
  ])('of a plain room that a library wrote: %s', async (_what, parts, kind) => {
    const message = { ...stored({ sender: 'Ann', text: '' }), ...parts };
    expect((await plain().voice.hear(message as never))?.said.kind).toBe(kind);
  });

  it('fits exactly when it can be sealed, and a text that keeps the rules always does', async () => {
    const { voice } = await sealed();
    const around = JSON.stringify({ kind: 'text', text: '' }).length;
    for (const [bytes, fits] of [
      [SEALED_CONTENT_BYTES_MAX, true],
      [SEALED_CONTENT_BYTES_MAX + 1, false],
    ] as const) {
      const content: Content = { kind: 'text', text: 'x'.repeat(bytes - around) };
      expect(voice.fits(content)).toBe(fits);
      const sealing = voice.say(id, '', content);
      await (fits ? expect(sealing).resolves.toBeDefined() : expect(sealing).rejects.toThrow(RangeError));
    }
    // Six bytes each in JSON, and no character takes more.
    expect(voice.fits({ kind: 'text', text: '\u0001'.repeat(TEXT_CHARACTERS_MAX) })).toBe(true);
    expect(plain().voice.fits({ kind: 'text', text: 'x'.repeat(SEALED_CONTENT_BYTES_MAX) })).toBe(true);
  });
});
