import { describe, expect, it } from 'vitest';
import { findMessages } from '@/components/room/search/find-messages';
import { fileIdSchema } from '@/domain/file';
import { roomIdSchema } from '@/domain/room';
import type { MessageEntry } from '@/session/messages/transcript';
import { notice, says, talk } from '@tests/gallery/talk';
import { rowan, you } from '@tests/gallery/people';

const roomId = roomIdSchema.parse('Zz0Bb1Cc2Dd3Ee4Ff5Gg6H');
const found = (entries: ReturnType<typeof talk>, query: string) =>
  findMessages(entries, query).map(({ excerpt, spans }) => {
    const marked = [...spans]
      .reverse()
      .reduce((text, { from, to }) => `${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`, excerpt);
    return marked;
  });

describe('the messages that have a word', () => {
  it('come with the newest first, without what was set and with their hits marked', () => {
    const entries = talk(
      says(rowan, 'one **word**'),
      notice('joined', rowan),
      says(you, 'nothing'),
      says(you, 'Word\nand word'),
    );
    expect(found(entries, 'WORD')).toEqual(['[Word] and [word]', 'one [word]']);
    expect(found(entries, 'word one')).toEqual(['[one] [word]']);
    expect(found(entries, ' ')).toEqual([]);
  });

  it('begin a little before the first hit, at a word', () => {
    const [excerpt] = found(talk(says(rowan, `${'long '.repeat(20)}before the hit, and more`)), 'hit');
    expect(excerpt).toBe('…long long before the [hit], and more');
    expect(found(talk(says(rowan, `${'x'.repeat(100)}hit`)), 'hit')).toEqual(['…[hit]']);
  });

  it('are also those whose file is called so, but for voices, whose names nobody gave', () => {
    const fileId = fileIdSchema.parse('Ff0Bb1Cc2Dd3Ee4Ff5Gg6H');
    const card = { fileId, name: 'word.pdf', type: '', bytes: 1, pieces: 1 };
    const file = { fileId, name: 'word.pdf', type: '', size: 1, card };
    const entries = talk(
      says(rowan, 'Read this', { file }),
      says(rowan, '', { file }),
      says(you, '', { file: { ...file, voice: { ms: 1, wave: 'A' } } }),
    );
    expect(found(entries, 'word')).toEqual(['[word].pdf', 'Read this [word].pdf']);
  });

  it('are those that are stored and can be read', () => {
    const states: Partial<MessageEntry>[] = [
      { state: 'sending' },
      { state: 'failed' },
      { offer: { roomId } },
      { leaving: 'undoable' },
      { leaving: 'sent' },
    ];
    const entries = talk(
      ...states.map((state) => says(you, 'word', state)),
      says(rowan, null, { unreadable: 'unopened' }),
    );
    expect(found(entries, 'word')).toEqual([]);
  });

  it('are found by the text that they have now', () => {
    const [before] = talk(says(rowan, 'old'));
    if (before?.kind !== 'message') throw new Error('not a message');
    const after = { ...before, text: 'new', edited: 5 };
    expect(found([before], 'old')).toHaveLength(1);
    expect(found([after], 'old')).toHaveLength(0);
    expect(found([after], 'new')).toHaveLength(1);
  });
});
