import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cursorSchema, messageIdSchema, type MessageId } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { Heard, Said } from '@/session/messages/talk/heard';
import { createTalk } from '@/session/messages/talk/talk';

const MEMBERS = ['A', 'B', 'C'].map((letter) => memberIdSchema.parse(letter.repeat(16)));
const EMOJI = ['👍', '🎉'];
const labels = { labelOf: () => ({ name: null, tint: 0 }), isNamed: () => false };

/** One event by chance: small numbers, so that events meet. */
const event = fc.record({
  kind: fc.constantFrom('text', 'reply', 'edit', 'reaction', 'newer', 'unopened', 'removal'),
  member: fc.nat(2),
  /** The message that it is about, and that message's author as it claims. */
  about: fc.nat(11),
  by: fc.nat(2),
  n: fc.nat(2),
  emoji: fc.nat(1),
});

type Step = { at: number } & ({ heard: Heard } | { removed: MessageId });

const idOf = (index: number) => messageIdSchema.parse(`message-${index}`);
const memberOf = (index: number) => MEMBERS[index] ?? memberIdSchema.parse('X'.repeat(16));

function stepOf(
  { kind, member, about, by, n, emoji }: typeof event extends fc.Arbitrary<infer E> ? E : never,
  at: number,
): Step {
  if (kind === 'removal') return { at, removed: idOf(about) };
  const ref = { id: idOf(about), by: memberOf(by) };
  const said: Record<string, Said> = {
    text: { kind: 'text', text: `text ${at}` },
    reply: { kind: 'text', text: `reply ${at}`, re: ref },
    edit: { kind: 'edit', text: `edit ${at}`, n, of: { ...ref, by: memberOf(member) } },
    reaction: { kind: 'reaction', emoji: EMOJI[emoji] ?? '👍', on: ref },
    newer: { kind: 'newer' },
    unopened: { kind: 'unopened' },
  };
  const heard = {
    cursor: cursorSchema.parse(`1000-${at}`),
    id: idOf(at),
    memberId: memberOf(member),
    sender: null,
    timestamp: at,
    said: said[kind] ?? { kind: 'newer' as const },
  };
  return { at, heard };
}

/** Pages and single arrivals: each a part of the stream, which may overlap others, in any order, until all has come. */
const screenOf = (steps: readonly Step[], parts: readonly (readonly Step[])[], isSealed: boolean) => {
  const talk = createTalk({ isSealed, self: memberOf(0), labels });
  for (const part of [...parts, ...steps.map((step) => [step])]) {
    talk.take(part.flatMap((step) => ('heard' in step ? [step.heard] : [])));
    talk.remove(part.flatMap((step) => ('removed' in step ? [step.removed] : [])));
  }
  return talk.entries();
};

it('the same events give the same screen, in every permutation of pages, overlapping ones too, and live arrivals', () => {
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 1, maxLength: 14 }),
      fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 4 }),
      fc.array(fc.nat(1_000), { minLength: 14, maxLength: 14 }),
      fc.boolean(),
      (events, pages, chance, isSealed) => {
        const steps = events.map(stepOf);
        const order = steps
          .map((step) => ({ step, by: chance[step.at] ?? 0 }))
          .sort((one, other) => one.by - other.by)
          .map(({ step }) => step);
        const parts = pages.map(([one, other]) => steps.slice(Math.min(one, other), Math.max(one, other) + 1));
        expect(screenOf(order, parts, isSealed)).toEqual(screenOf([], [steps], isSealed));
      },
    ),
    { numRuns: 2_000 },
  );
});
