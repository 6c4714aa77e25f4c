import { expect, it } from 'vitest';
import { compareCursors, cursorSchema, messageIdSchema, type Cursor } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { Heard, Said } from '@/session/messages/talk/heard';
import { createTalk } from '@/session/messages/talk/talk';

const MEMBERS = Array.from({ length: 7 }, (_, index) => memberIdSchema.parse(`Member${index}`.padEnd(16, 'x')));
const PAGE = 200;
const ARRIVALS = 100;

const idOf = (place: number) => messageIdSchema.parse(`message-${place}`);
const memberAt = (place: number) => MEMBERS[place % MEMBERS.length] ?? expect.fail();

function heardAt(place: number, said: Said, memberId = memberAt(place)): Heard {
  return { cursor: cursorSchema.parse(`1000-${place}`), id: idOf(place), memberId, sender: null, timestamp: 0, said };
}

/** The beginning of ten messages, which others are about. */
const tenOf = (place: number) => place - (place % 10);

/** One in ten is a reaction, one an edit and one a reply: in turns about something just said, and about something of half the age. */
function saidAt(place: number): Heard {
  const target = tenOf(tenOf(place) % 20 === 0 ? place : Math.floor(place / 2));
  const ref = { id: idOf(target), by: memberAt(target) };
  if (place % 10 === 3) return heardAt(place, { kind: 'reaction', emoji: '👍', on: ref });
  if (place % 10 === 6)
    return heardAt(place, { kind: 'edit', text: `edit ${place}`, of: ref, n: place }, memberAt(target));
  if (place % 10 === 9) return heardAt(place, { kind: 'text', text: `reply ${place}`, re: ref });
  return heardAt(place, { kind: 'text', text: `text ${place}` });
}

/** What the next arrivals cost in a talk of this length: comparisons of places, and people who are drawn again. */
function costAfter(length: number, isSealed: boolean): number {
  let cost = 0;
  const count = <Result>(result: Result) => {
    cost += 1;
    return result;
  };
  const talk = createTalk({
    isSealed,
    self: memberAt(0),
    labels: { labelOf: () => count({ name: 'Ann', tint: 0 }), isNamed: () => true },
    compare: (left: Cursor, right: Cursor) => count(compareCursors(left, right)),
  });
  for (let from = 0; from < length; from += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, length - from) }, (_, index) => saidAt(from + index));
    talk.take(page);
  }
  expect(talk.entries()).toHaveLength(length * 0.8);
  cost = 0;
  for (let place = length; place < length + ARRIVALS; place += 1) talk.take([saidAt(place)]);
  return cost;
}

it.each([
  ['sealed', true],
  ['plain', false],
])(
  'an arrival in a %s talk of 10,000 costs at most twice that in one of 100, reactions and edits included',
  (_kind, isSealed) => {
    const [few, many] = [costAfter(100, isSealed), costAfter(10_000, isSealed)];
    expect(many / few).toBeLessThanOrEqual(2);
  },
);
