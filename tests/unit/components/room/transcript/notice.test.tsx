import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { groupEntries } from '@/components/room/transcript/group-entries';
import { useNoticeSentence } from '@/components/room/transcript/notice';
import { CURSOR_START } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import type { NoticeEntry } from '@/session/messages/transcript';

vi.stubGlobal('navigator', { languages: ['en'] });

const came = (names: readonly string[], notice: NoticeEntry['notice']) =>
  names.map((name, index): NoticeEntry => ({
    kind: 'notice',
    id: `${index}`,
    cursor: CURSOR_START,
    timestamp: 0,
    notice,
    memberId: memberIdSchema.parse(name.padEnd(16, '0')),
    name,
    self: false,
  }));

function Sentences({ entries }: { entries: readonly NoticeEntry[] }) {
  const sentence = useNoticeSentence();
  return groupEntries(entries).map((group) => group.kind === 'notice' && sentence(group));
}

/** Without the marks that isolate the direction of names. */
const said = (entries: readonly NoticeEntry[]) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>
      <Sentences entries={entries} />
    </NextIntlClientProvider>,
  ).replaceAll(/[\u2068\u2069]/g, '');

it.each([
  [['Bob'], 'Bob joined'],
  [['Bob', 'Ann'], 'Bob and Ann joined'],
  [['Bob', 'Ann', 'Kim'], 'Bob, Ann, and Kim joined'],
  [['Bob', 'Ann', 'Kim', 'Lee', 'Max'], 'Bob, Ann, and 3 others joined'],
])('of %j who joined one line names two or three, and counts the others', (names, sentence) => {
  expect(said(came(names, 'joined'))).toBe(sentence);
});

it('somebody who comes and goes is named once', () => {
  expect(said(came(['Bob', 'Ann', 'Bob'], 'left'))).toBe('Bob and Ann left');
  expect(said(came(['Bob', 'Bob'], 'left'))).toBe('Bob left');
});
