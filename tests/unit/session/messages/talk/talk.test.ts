import { describe, expect, it } from 'vitest';
import { compareCursors, cursorSchema, messageIdSchema } from '@/domain/message';
import { memberIdSchema, type MemberId } from '@/domain/room';
import type { Heard, Said } from '@/session/messages/talk/heard';
import { createTalk, type Talk } from '@/session/messages/talk/talk';
import { called, noticeAt } from '@/session/messages/notices';
import type { Labels, MessageEntry } from '@/session/messages/transcript';
import { ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';

const THIRD = memberIdSchema.parse('ThirdMember00000');
const idOf = (name: string) => messageIdSchema.parse(`message-${name}`);
const cursor = (sequence: number) => cursorSchema.parse(`1000-${sequence}`);

function labels(names: Partial<Record<MemberId, string | null>> = {}): Labels {
  return {
    labelOf: (memberId, sender) => ({ name: names[memberId] ?? sender ?? null, mark: undefined, tint: 3 }),
    isNamed: (memberId) => memberId in names,
  };
}

const talkOf = (names: Partial<Record<MemberId, string | null>> = {}, isSealed = true) =>
  createTalk({ isSealed, self: ME, labels: labels(names) });

function heard(sequence: number, said: Said, name = `${sequence}`, memberId = OTHER): Heard {
  return { cursor: cursor(sequence), id: idOf(name), memberId, sender: null, timestamp: 1_000, said };
}

const text = (sequence: number, words = `text ${sequence}`, memberId = OTHER) =>
  heard(sequence, { kind: 'text', text: words }, undefined, memberId);
const edit = (sequence: number, of: string, n: number, words: string, memberId = OTHER) =>
  heard(sequence, { kind: 'edit', text: words, n, of: { id: idOf(of), by: memberId } }, undefined, memberId);
const reaction = (sequence: number, on: string, emoji: string, memberId: MemberId) =>
  heard(sequence, { kind: 'reaction', emoji, on: { id: idOf(on), by: OTHER } }, undefined, memberId);
const reply = (sequence: number, to: string) =>
  heard(sequence, { kind: 'text', text: 'a reply', re: { id: idOf(to), by: OTHER } }, undefined, ME);

const texts = (talk: Talk) => talk.entries().map((entry) => (entry.kind === 'message' ? entry.text : entry.notice));
function messageAt(talk: Talk, index: number): MessageEntry {
  const entry = talk.entries()[index];
  if (entry?.kind !== 'message') throw new Error('not a message');
  return entry;
}

describe('the talk', () => {
  it('is in the order of the stream, however its entries arrive', () => {
    const all = [1, 2, 3, 4].map((sequence) => text(sequence));
    const [first, second, third, fourth] = all;
    for (const order of [all, [fourth, third, second, first], [third, first, fourth, second]]) {
      const talk = talkOf();
      for (const one of order) if (one !== undefined) talk.take([one]);
      expect(texts(talk)).toEqual(['text 1', 'text 2', 'text 3', 'text 4']);
    }
  });

  it('shows the offer of a room with its link, quotes it so, and takes an edit of it for nothing', () => {
    const offer = { roomId: ROOM_ID, secret: 'x'.repeat(43) };
    const links = { linkTo: () => 'the link', roomIn: () => null };
    const talk = createTalk({ isSealed: true, self: ME, labels: labels(), links });
    talk.take([heard(1, { kind: 'room', offer }), reply(2, '1'), edit(3, '1', 1, 'another text')]);
    expect(texts(talk)).toEqual(['the link', 'a reply']);
    expect(messageAt(talk, 0)).toMatchObject({ offer, state: 'sent' });
    expect(messageAt(talk, 0)).not.toHaveProperty('unreadable');
    expect(messageAt(talk, 1).re).toMatchObject({ state: 'said', text: 'the link' });
  });

  it('takes a text of a plain room that is a room’s link for an offer, as it is now, and an answer for an answer', () => {
    const offer = { roomId: ROOM_ID };
    const links = { linkTo: () => '', roomIn: (words: string) => (words === 'link' ? offer : null) };
    const talk = createTalk({ isSealed: false, self: ME, labels: labels(), links });
    talk.take([text(1, 'link'), text(2, 'other')]);
    expect([messageAt(talk, 0).offer, messageAt(talk, 1).offer]).toEqual([offer, undefined]);
    talk.take([edit(3, '1', 0, 'no more'), edit(4, '2', 0, 'link')]);
    expect([messageAt(talk, 0).offer, messageAt(talk, 1).offer]).toEqual([undefined, offer]);
    talk.take([heard(5, { kind: 'text', text: 'link', re: { id: idOf('1') } })]);
    expect(messageAt(talk, 2).offer).toBeUndefined();
  });

  it('has every message once, even one that comes twice in one page', () => {
    const talk = talkOf();
    talk.take([text(1), text(1)]);
    const before = talk.entries();
    expect(texts(talk)).toEqual(['text 1']);
    talk.take([text(1)]);
    expect(talk.entries()).toBe(before);
    expect([talk.isKnown({ id: idOf('1'), by: OTHER }), talk.isKnown({ id: idOf('2'), by: OTHER })]).toEqual([
      true,
      false,
    ]);
  });

  it('does not change a list that it has given', () => {
    const talk = talkOf();
    talk.take([text(2)]);
    const before = Object.freeze(talk.entries());
    talk.take([text(1)]);
    expect(texts(talk)).toEqual(['text 1', 'text 2']);
    expect(before).toHaveLength(1);
  });

  it('has a message of two copies in the place of the first one', () => {
    const copy = { ...text(5, 'text 1'), id: idOf('1') };
    for (const order of [
      [text(1), text(3), copy],
      [copy, text(3), text(1)],
    ]) {
      const talk = talkOf();
      for (const one of order) talk.take([one]);
      expect(texts(talk)).toEqual(['text 1', 'text 3']);
    }
  });

  it('shows messages under the newest name, and keeps those that have it already', () => {
    const names: Partial<Record<MemberId, string>> = { [OTHER]: 'Ann' };
    const talk = createTalk({ isSealed: true, self: ME, labels: labels(names) });
    talk.take([text(1)]);
    names[OTHER] = 'Ben';
    talk.relabel();
    const entry = messageAt(talk, 0);
    expect(entry).toMatchObject({ name: 'Ben', tint: 3 });
    talk.relabel();
    expect(messageAt(talk, 0)).toBe(entry);
  });

  it('gives a notice the first name that is known of its member, and leaves it that one', () => {
    const names: Partial<Record<MemberId, string>> = {};
    const talk = createTalk({ isSealed: true, self: ME, labels: labels(names) });
    talk.note([noticeAt(cursor(1), 'joined', called(labels(), OTHER))]);
    for (const name of ['Ann', 'Ben']) {
      names[OTHER] = name;
      talk.relabel();
    }
    expect(talk.entries()[0]).toMatchObject({ notice: 'joined', name: 'Ann' });
    expect(talk.entries()[0]).not.toHaveProperty('unnamed');
  });

  it('has both notices of one event, each once', () => {
    const talk = talkOf();
    const notices = [noticeAt(cursor(1), 'locked'), noticeAt(cursor(1), 'new-owner', { memberId: OTHER, name: 'Ann' })];
    talk.note(notices);
    talk.note(notices);
    expect(texts(talk)).toEqual(['locked', 'new-owner']);
  });

  it('says which messages cannot be opened and which need a newer page, and goes on', () => {
    const talk = talkOf();
    talk.take([heard(1, { kind: 'unopened' }), heard(2, { kind: 'newer' }), text(3)]);
    expect(talk.entries()).toMatchObject([{ text: null }, { text: null, unreadable: 'newer' }, { text: 'text 3' }]);
    expect(talk.entries()[0]).not.toHaveProperty('newer');
  });
});

describe('an edit', () => {
  it('counts by its number first, then by the order of the stream', () => {
    const talk = talkOf();
    talk.take([edit(5, '1', 2, 'second'), edit(6, '1', 1, 'first'), text(1)]);
    expect(messageAt(talk, 0)).toMatchObject({ text: 'second', edited: 1_000 });
    talk.take([edit(7, '1', 2, 'second, later')]);
    expect(texts(talk)).toEqual(['second, later']);
  });

  it('counts only from the author of its target, in a plain room as well', () => {
    const talk = talkOf({}, false);
    const ofAnother: Said = { kind: 'edit', text: 'not mine', n: 0, of: { id: idOf('1') } };
    talk.take([text(1), heard(2, ofAnother, '2', THIRD), heard(3, { ...ofAnother, text: 'mine' }, '3', OTHER)]);
    expect(texts(talk)).toEqual(['mine']);
    talk.remove([idOf('3')]);
    expect(texts(talk)).toEqual(['text 1']);
  });

  it('of a message with the same id by another author changes nothing in a sealed room', () => {
    const talk = talkOf();
    talk.take([text(1), edit(2, '1', 1, 'not mine', THIRD)]);
    expect(texts(talk)).toEqual(['text 1']);
  });
});

describe('a reaction', () => {
  it('counts once for each member, emoji and target, and goes with the last of its messages', () => {
    const talk = talkOf();
    const reactions = [reaction(2, '1', '👍', ME), reaction(3, '1', '👍', ME), reaction(4, '1', '👍', THIRD)];
    talk.take([reaction(5, '1', '🎉', THIRD), ...reactions, text(1)]);
    expect(texts(talk)).toEqual(['text 1']);
    const shown = () => messageAt(talk, 0).reactions;
    const by = (...members: readonly MemberId[]) =>
      members.map((memberId) => ({ name: null, mark: undefined, tint: 3, memberId, self: memberId === ME }));
    const party = { emoji: '🎉', count: 1, mine: false, by: by(THIRD) };
    expect(shown()).toEqual([{ emoji: '👍', count: 2, mine: true, by: by(ME, THIRD) }, party]);
    talk.remove([idOf('2')]);
    expect(shown()).toEqual([{ emoji: '👍', count: 2, mine: true, by: by(ME, THIRD) }, party]);
    talk.remove([idOf('3')]);
    expect(shown()).toEqual([{ emoji: '👍', count: 1, mine: false, by: by(THIRD) }, party]);
    talk.remove([idOf('4')]);
    expect(shown()).toEqual([party]);
    talk.remove([idOf('5')]);
    expect(shown()).toBeUndefined();
  });
});

describe('reactions of many', () => {
  const memberOf = (index: number) => memberIdSchema.parse(`Member${index}`.padEnd(16, 'x'));

  it('name the first ten in the order of the stream, however they arrive, and count all', () => {
    const reactions = Array.from({ length: 30 }, (_, index) => reaction(index + 2, '1', '👍', memberOf(index)));
    for (const order of [reactions, reactions.toReversed(), [...reactions.slice(9), ...reactions.slice(0, 9)]]) {
      const talk = talkOf();
      talk.take([text(1), ...order]);
      const [shown] = messageAt(talk, 0).reactions ?? [];
      expect(shown?.count).toBe(30);
      expect(shown?.by.map(({ memberId }) => memberId)).toEqual(
        Array.from({ length: 10 }, (_, index) => memberOf(index)),
      );
    }
  });

  const emojiOf = (index: number) => String.fromCodePoint(0x4e00 + index);

  it('of many emoji show the twenty most used ones, in the order of their first use, and count the others', () => {
    const talk = talkOf();
    const many = Array.from({ length: 450 }, (_, index) => reaction(index + 2, '1', emojiOf(index), OTHER));
    talk.take([text(1), ...many.slice(0, 20)]);
    const shown = () => messageAt(talk, 0).reactions?.map(({ emoji, count }) => `${emoji} ${count}`);
    const twenty = many.slice(0, 20).map((_, index) => `${emojiOf(index)} 1`);
    expect(shown()).toEqual(twenty);
    expect(messageAt(talk, 0).moreReactions).toBeUndefined();
    talk.take(many.slice(20));
    expect(shown()).toEqual(twenty);
    expect(messageAt(talk, 0).moreReactions).toBe(430);
    talk.take([reaction(500, '1', emojiOf(99), THIRD)]);
    expect(shown()).toEqual([...twenty.slice(0, 19), `${emojiOf(99)} 2`]);
    talk.take([reaction(501, '1', emojiOf(449), ME)]);
    expect(shown()).toEqual([...twenty.slice(0, 18), `${emojiOf(99)} 2`, `${emojiOf(449)} 2`]);
    talk.take([reaction(502, '1', emojiOf(98), THIRD), reaction(503, '1', '👍', ME)]);
    expect(shown()?.at(-1)).toBe('👍 1');
    talk.remove(many.slice(1, 440).map(({ id }) => id));
    expect(messageAt(talk, 0).moreReactions).toBeUndefined();
  });

  it('of thousands of emoji on one message ask for no more names than those of a few', () => {
    const costs = [25, 3_000].map((count) => {
      let asked = 0;
      const counted = labels();
      const labelOf: Labels['labelOf'] = (...member) => {
        asked += 1;
        return counted.labelOf(...member);
      };
      const talk = createTalk({ isSealed: true, self: ME, labels: { ...counted, labelOf } });
      talk.take([
        text(1),
        ...Array.from({ length: count }, (_, index) => reaction(index + 2, '1', emojiOf(index), memberOf(index % 9))),
      ]);
      asked = 0;
      talk.take([reaction(9_000, '1', emojiOf(9_000), memberOf(1))]);
      return asked;
    });
    expect(costs[0]).toBe(costs[1]);
  });

  it('on one id of ever other authors look no further than those on a few', () => {
    const costs = [10, 1_000].map((count) => {
      let looks = 0;
      const on = (index: number) => ({
        id: idOf('1'),
        get by() {
          looks += 1;
          return memberOf(index);
        },
      });
      const stray = (index: number) => heard(index + 2, { kind: 'reaction', emoji: '👍', on: on(index) });
      const talk = talkOf();
      talk.take(Array.from({ length: count }, (_, index) => stray(index)));
      looks = 0;
      talk.take([stray(5_000)]);
      return looks;
    });
    expect(costs[0]).toBe(costs[1]);
  });

  it('cost the next one no more comparisons than those of a few', () => {
    const costs = [10, 1_000].map((count) => {
      let comparisons = 0;
      const compare = (...cursors: Parameters<typeof compareCursors>) => {
        comparisons += 1;
        return compareCursors(...cursors);
      };
      const talk = createTalk({ isSealed: true, self: ME, labels: labels(), compare });
      talk.take([
        text(1),
        ...Array.from({ length: count }, (_, index) => reaction(index + 2, '1', '👍', memberOf(index))),
      ]);
      comparisons = 0;
      talk.take([reaction(2_000, '1', '👍', memberOf(2_000)), reaction(2_001, '1', '🎉', memberOf(2_000))]);
      talk.remove([idOf('2000'), idOf('2001')]);
      return comparisons;
    });
    expect(costs[0]).toBe(costs[1]);
  });
});

describe('a message taken back', () => {
  it('disappears with its edits, and what still comes of it stays away', () => {
    const talk = talkOf();
    talk.take([text(1), text(2), edit(3, '1', 1, 'edited')]);
    expect(talk.remove([idOf('1')])).toMatchObject([{ text: 'edited' }]);
    expect(talk.remove([idOf('1')])).toEqual([]);
    talk.take([text(1), edit(4, '1', 2, 'late'), reaction(5, '1', '👍', ME)]);
    expect(texts(talk)).toEqual(['text 2']);
  });

  it('says nothing of edits and reactions, and of what was not shown', () => {
    const talk = talkOf();
    talk.take([text(1), edit(2, '1', 1, 'edited'), reaction(3, '1', '👍', ME)]);
    expect(talk.remove([idOf('2'), idOf('3'), idOf('4')])).toEqual([]);
    expect(messageAt(talk, 0)).toEqual({ ...messageAt(talk, 0), text: 'text 1' });
    expect(messageAt(talk, 0)).not.toHaveProperty('edited');
  });
});

describe('a reply', () => {
  it('shows its target as it is now: not loaded, said, edited, taken back', () => {
    const talk = talkOf({ [OTHER]: 'Ann' });
    const quote = () => messageAt(talk, talk.entries().length - 1).re;
    talk.take([reply(9, '1')]);
    expect(quote()).toMatchObject({ state: 'not-loaded', name: 'Ann', text: null });
    talk.take([text(1)]);
    expect(quote()).toMatchObject({ state: 'said', text: 'text 1', name: 'Ann' });
    talk.take([edit(3, '1', 1, 'edited')]);
    expect(quote()).toMatchObject({ state: 'said', text: 'edited' });
    talk.remove([idOf('1')]);
    expect(quote()).toMatchObject({ state: 'taken-back', text: null });
  });

  it('says that its target was taken back, even where it was never loaded', () => {
    const talk = talkOf({}, false);
    talk.take([reply(9, '1')]);
    talk.remove([idOf('1')]);
    expect(messageAt(talk, 0).re).toMatchObject({ state: 'taken-back' });
  });

  it('is drawn again only when what it quotes changes', () => {
    const talk = talkOf();
    talk.take([text(1), reply(9, '1')]);
    const before = messageAt(talk, 1);
    talk.take([reaction(10, '1', '👍', ME)]);
    expect(messageAt(talk, 1)).toBe(before);
    expect(messageAt(talk, 0).reactions).toHaveLength(1);
  });
});

describe('an arrival at the end of a long talk', () => {
  it.each([
    ['a message', (at: number) => text(at)],
    ['a reply to an old message', (at: number) => reply(at, '7')],
    ['an edit of an old message', (at: number) => edit(at, '7', at, 'edited')],
    [
      'a reaction to an old message',
      (at: number) => reaction(at, '7', '👍', memberIdSchema.parse(`Member${at}`.padEnd(16, 'x'))),
    ],
  ])('costs the same number of comparisons as in a short one: %s', (_what, arrival) => {
    const costs = [100, 10_000].map((length) => {
      let comparisons = 0;
      const compare = (...cursors: Parameters<typeof compareCursors>) => {
        comparisons += 1;
        return compareCursors(...cursors);
      };
      const talk = createTalk({ isSealed: true, self: ME, labels: labels(), compare });
      for (let at = 0; at < length; at += 200)
        talk.take(Array.from({ length: 200 }, (_, index) => text(1 + at + index)));
      const before = talk.entries();
      comparisons = 0;
      for (let at = 0; at < 50; at += 1) talk.take([arrival(20_000 + at)]);
      const changed = talk
        .entries()
        .slice(0, before.length)
        .filter((entry, index) => entry !== before[index]);
      expect(changed.length).toBeLessThanOrEqual(1);
      return comparisons;
    });
    expect(costs[0]).toBe(costs[1]);
    expect(costs[0]).toBeLessThanOrEqual(50 * 4);
  });
});
