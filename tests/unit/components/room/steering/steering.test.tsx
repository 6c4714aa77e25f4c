import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { WaitingNote } from '@/components/room/composer/waiting-note';
import { ExtensionItem, SlowModeItem } from '@/components/room/header/steering-items';
import { ProposalCard } from '@/components/room/steering/proposal-card';
import { VacancyCard } from '@/components/room/steering/vacancy-card';
import { lastMinuteIn } from '@/components/room/transcript/waning';
import { useNoticeSentence } from '@/components/room/transcript/notice';
import { LOCALE } from '@/i18n/locale';
import messages from '@/i18n/words/en.json';
import type { NoticeEntry } from '@/session/messages/transcript';
import { NOW } from '@tests/gallery/moment';
import { ines, ownerRowan, rowan, you, youAsGuest } from '@tests/gallery/people';
import { roomSession, type Circumstances } from '@tests/gallery/session';
import { notice, talk } from '@tests/gallery/talk';

const nothing = () => undefined;
const render = (element: ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );
const textOf = (html: string) =>
  html
    .replace(/<svg.*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\u2068\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
const buttonsOf = (html: string) =>
  [...html.matchAll(/<button[^>]*>(.*?)<\/button>/g)].map(([, inner]) => textOf(inner ?? ''));

const people = [you, rowan, ines];
const idOf = ({ memberId }: typeof you) => memberId;

describe('ten minutes more that are proposed', () => {
  const cardOf = (agreed: readonly (typeof you)[], missing: readonly (typeof you)[]) => {
    const [by = you] = agreed;
    const proposal = { by: by.memberId, agreed: agreed.map(idOf), missing: missing.map(idOf), until: NOW + 1_000 };
    return render(<ProposalCard session={roomSession({ people, proposal })} onDone={nothing} />);
  };

  it('name who proposed them, who agreed and who is waited for, and ask whoever has not answered', () => {
    const html = cardOf([rowan], [you, ines]);
    expect(textOf(html)).toContain('Rowan proposes ten minutes more');
    expect(textOf(html)).toContain('Agreed: Rowan. Waiting for you and Inês.');
    expect(buttonsOf(html)).toEqual(['Agree', 'Not now']);
    expect(html).toMatch(/role="status"[^>]*>[^<]*You can agree above/);
  });

  it('ask nobody twice, and can be withdrawn by whoever proposed them alone', () => {
    expect(buttonsOf(cardOf([rowan, you], [ines]))).toEqual([]);
    expect(textOf(cardOf([rowan, you], [ines]))).toContain('Agreed: Rowan and you. Waiting for Inês.');
    const own = cardOf([you, rowan, ines], []);
    expect(buttonsOf(own)).toEqual(['Withdraw']);
    expect(textOf(own)).toContain('You proposed ten minutes more');
    expect(textOf(own)).not.toContain('Waiting for');
  });

  it('are offered in the menu while they may be, and not past the hour', () => {
    const menuOf = (room: Circumstances['room'], rest: Circumstances = {}) =>
      textOf(render(<ExtensionItem session={roomSession({ people, ...(room && { room }), ...rest })} />));
    expect(menuOf({})).toContain('Ten minutes more');
    expect(menuOf({ createdAt: NOW, expiresAt: NOW + 3_000_000 })).toContain('Ten minutes more');
    expect(menuOf({ createdAt: NOW, expiresAt: NOW + 3_000_001 })).not.toContain('Ten minutes more');
    const proposal = { by: you.memberId, agreed: [you.memberId], missing: [], until: NOW + 1 };
    expect(menuOf({}, { proposal })).not.toContain('Ten minutes more');
  });
});

it('a room whose owner is away may be taken over, and nothing says so while it is not vacant', () => {
  const seated = [{ ...ownerRowan, here: false }, youAsGuest];
  const card = (isVacant: boolean) =>
    render(<VacancyCard session={roomSession({ people: seated, isVacant })} onDone={nothing} />);
  expect(textOf(card(true))).toContain('Rowan, who owns the room, is away');
  expect(buttonsOf(card(true))).toEqual(['Take the room over', 'Not now']);
  expect(textOf(card(false))).toBe('');
});

describe('slow mode', () => {
  it('is the owner’s to switch', () => {
    const menuOf = (seated: readonly (typeof you)[]) =>
      textOf(
        render(
          <SlowModeItem session={roomSession({ people: seated, room: { slowModeSeconds: 30 } })} onAsk={nothing} />,
        ),
      );
    expect(menuOf(people)).toContain('Slow mode Guests write once every 30 seconds');
    expect(menuOf([ownerRowan, youAsGuest])).not.toContain('Slow mode');
  });

  it('says how long one waits, at every second to the eye alone', () => {
    const html = render(
      <WaitingNote
        session={roomSession({
          people: [ownerRowan, youAsGuest],
          room: { slowModeSeconds: 30 },
          slowUntil: NOW + 12_000,
        })}
      />,
    );
    expect(html).toMatch(/aria-hidden="true"[^>]*>.*You can write again in 12 s/);
    expect(html).toMatch(
      /role="status"[^>]*>Slow mode is on\. You can write again in a moment; what you type is kept\./,
    );
  });
});

describe('the talk', () => {
  let sentenceOf: ReturnType<typeof useNoticeSentence>;
  function Hear() {
    sentenceOf = useNoticeSentence();
    return null;
  }
  beforeAll(() => void render(<Hear />));

  const said = (kind: NoticeEntry['notice'], rest: Partial<NoticeEntry> = {}) => {
    const [entry] = talk(notice(kind, undefined, rest));
    return entry?.kind === 'notice' ? sentenceOf({ entry, count: 1 }).replace(/[\u2068\u2069]/g, '') : '';
  };

  it.each([
    [[rowan, ines], 'Rowan and Inês agreed to ten minutes more'],
    [[rowan, you], 'You and Rowan agreed to ten minutes more'],
    [
      [rowan, ines, { ...rowan, name: 'Bo' }, { ...rowan, name: 'Cleo' }],
      'Rowan, Inês, and 2 others agreed to ten minutes more',
    ],
    [[you], 'You added ten minutes'],
  ])('says who agreed', (agreed, sentence) => {
    expect(said('extended', { people: agreed })).toBe(sentence);
  });

  it('says what became of slow mode, and of a proposal that not everybody agreed to', () => {
    expect(said('slow-mode', { seconds: 10 })).toBe('Slow mode is on: guests write once every 10 seconds');
    expect(said('slow-mode', { seconds: 0 })).toBe('Slow mode is off');
    expect(said('not-extended')).toBe('Ten minutes more were proposed, and not everybody agreed');
  });

  it('grows paler in the last minute alone, and not after one that was not the last', () => {
    const entries = talk(notice('last-minute'));
    const begun = entries[0]?.timestamp ?? 0;
    expect(lastMinuteIn(entries, begun + 60_000)).toBe(begun);
    expect(lastMinuteIn(entries, begun + 660_000)).toBe(-Infinity);
  });
});
