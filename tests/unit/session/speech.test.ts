import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/sealing';
import { plainVoice, sealedVoice } from '@/crypto/voice';
import type { Content } from '@/domain/content';
import { cursorSchema, messageIdSchema, messageWithCursorSchema } from '@/domain/message';
import { sealedSchema } from '@/domain/sealed';
import { createRoomState } from '@/session/room-state';
import { fitsSeal, hearMessage, saidOf, sayMessage } from '@/session/speech';
import { FakeRoom, ME, OTHER, ROOM_ID } from './fake-room';

const on = { id: messageIdSchema.parse('message-1'), by: OTHER };
const id = messageIdSchema.parse('message-2');

const plain = () => {
  const room = new FakeRoom().view();
  return { roomId: ROOM_ID, self: ME, voice: plainVoice(room), room: createRoomState(room) };
};
async function sealed() {
  const keys = await deriveRoomKeys(makeSecret());
  const room = { ...new FakeRoom().view(), sealed: true };
  return { roomId: ROOM_ID, self: ME, voice: sealedVoice(keys), room: createRoomState(room) };
}
const stored = (words: object) =>
  messageWithCursorSchema.parse({
    ...words,
    id,
    roomId: ROOM_ID,
    memberId: ME,
    timestamp: 5,
    cursor: cursorSchema.parse('5-0'),
  });

const CONTENTS: readonly Content[] = [
  { kind: 'text', text: 'Hello' },
  { kind: 'text', text: 'Yes', re: on },
  { kind: 'reaction', emoji: '👍', on },
  { kind: 'edit', id: on.id, n: 3, text: 'Hello!' },
];

describe('a content', () => {
  it.each(CONTENTS)(
    'of the kind $kind comes out of a sealed room as it went in, as one sealed string',
    async (content) => {
      const speaker = await sealed();
      const words = await sayMessage(speaker, id, 'Ann', content);
      expect(Object.keys(words).sort()).toEqual(['sender', 'text']);
      expect(sealedSchema.safeParse(words.text).success).toBe(true);
      expect(await hearMessage(speaker, stored(words))).toMatchObject({ sender: 'Ann', said: saidOf(content, ME) });
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
    const words = await sayMessage(plain(), id, 'Ann', content ?? { kind: 'text', text: '' });
    expect(words).toEqual({ sender: 'Ann', ...parts });
    expect((await hearMessage(plain(), stored(words))).said).toEqual(said);
  });

  it.each([
    ['a reaction of two characters', { text: '👍👍', about: { kind: 'reaction', id: on.id } }, 'unopened'],
    ['a blank text', { text: ' ' }, 'unopened'],
    ['something that a newer server knows', { text: 'x', about: { kind: 'poll', id: on.id } }, 'newer'],
  ])('of a plain room that a library wrote: %s', async (_what, parts, kind) => {
    const message = { ...stored({ sender: 'Ann', text: '' }), ...parts };
    expect((await hearMessage(plain(), message as never)).said.kind).toBe(kind);
  });

  it('fits exactly when it can be sealed', async () => {
    const speaker = await sealed();
    const text = fc.string({ unit: 'binary', minLength: 300, maxLength: 1_400 });
    await fc.assert(
      fc.asyncProperty(text, async (words) => {
        const content: Content = { kind: 'text', text: words };
        const canBeSealed = await sayMessage(speaker, id, 'Ann', content).then(
          () => true,
          (error: unknown) => !(error instanceof RangeError),
        );
        expect(fitsSeal(speaker, content)).toBe(canBeSealed);
      }),
      { numRuns: 50 },
    );
    expect(fitsSeal(plain(), { kind: 'text', text: '\u0001'.repeat(1_000) })).toBe(true);
  });
});
