import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { usePersonLabel, type Named } from '@/components/room/people/person-label';
import { PersonName } from '@/components/room/people/person-name';
import { memberIdSchema } from '@/domain/room';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';

const memberId = memberIdSchema.parse('Abcd123456789012');

function InSentence({ person }: { person: Named }) {
  return <>{usePersonLabel()(person).inSentence}</>;
}

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );

const inSentence = (person: Omit<Named, 'memberId'>) => render(<InSentence person={{ ...person, memberId }} />);

describe('a person in a sentence', () => {
  it.each([
    ['by their name, which turns nothing around it', { name: 'Ann' }, '\u2068Ann\u2069'],
    ['with the mark outside of what the name can turn', { name: 'עדי', mark: 2 }, '\u2068עדי\u2069 · 2'],
    ['by their memberId while no name is known', { name: null }, '\u2068Guest Abcd\u2069'],
    ['without what leaves the isolation', { name: 'Ann\u2069 left\u202e' }, '\u2068Ann left\u2069'],
    ['on one line', { name: 'Ann\nBob' }, '\u2068Ann Bob\u2069'],
    ['in quotation marks when it is our word for the reader', { name: 'you' }, '\u2068“you”\u2069'],
    ['in quotation marks when it is our word for the nameless', { name: 'GUEST x1y2' }, '\u2068“GUEST x1y2”\u2069'],
    ['as they are when it only begins like it', { name: 'Guest of honour' }, '\u2068Guest of honour\u2069'],
  ])('stand %s', (_how, person, sentence) => {
    expect(inSentence(person)).toBe(sentence);
  });
});

it('has a line of its own with a mark that is not part of the name, and is never cut with it', () => {
  const html = render(<PersonName person={{ name: 'Bob', mark: 1_000, memberId }} />);
  expect(html).toMatch(/<bdi [^>]*truncate[^>]*>Bob<\/bdi> <span class="shrink-0 [^"]*">· 1,000<\/span>/);
  expect(render(<PersonName person={{ name: 'Bob', memberId }} />)).not.toContain('·');
});

it('shows a person without a name differently from a person with that very name', () => {
  expect(render(<PersonName person={{ name: null, memberId }} />)).toMatch(/<bdi [^>]*italic[^>]*>Guest Abcd</);
  expect(render(<PersonName person={{ name: 'Guest Abcd', memberId }} />)).not.toContain('italic');
});
