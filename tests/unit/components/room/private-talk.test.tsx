import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { PersonDetails } from '@/components/room/people/person-details';
import { TalkToasts } from '@/components/room/private-talk/talk-toasts';
import { LOCALE } from '@/i18n/locale';
import messages from '@/i18n/words/en.json';
import { createStore } from '@/lib/store';
import type { Ask, AskState, TalkOffer, Talks } from '@/session/private-talk/private-talk';
import type { RoomInfo } from '@/session/room-session';
import { ines, person, rowan, you } from '@tests/gallery/people';
import { roomSession, type Circumstances } from '@tests/gallery/session';

const nothing = () => undefined;
const PATH = `/room/${'R'.repeat(22)}#${'k'.repeat(42)}A`;
const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  ).replace(/[\u2068\u2069]/g, '');

function toasts(asks: readonly Ask[], offers: readonly TalkOffer[], room: Circumstances['room'] = {}) {
  const session = roomSession({ people: [you, rowan, ines], room });
  const talks: Talks = {
    asks: createStore(asks),
    offers: createStore(offers),
    ask: nothing,
    enter: nothing,
    dismiss: nothing,
    answer: nothing,
    hear: nothing,
  };
  return render(<TalkToasts session={session} talks={talks} onDone={nothing} />);
}

const ask = (state: AskState, path: string | null = null): Ask => ({ to: rowan.memberId, state, path, failure: null });
const offer = { id: 'one', from: rowan.memberId, path: PATH };

describe('somebody who asked', () => {
  it.each<[AskState, string, string]>([
    ['waiting', 'Waiting for Rowan', 'Cancel'],
    ['opened', 'Rowan is on the way', 'Dismiss'],
    ['declined', 'Rowan can’t talk privately now', 'Dismiss'],
    ['away', 'Rowan is away', 'Dismiss'],
    ['no-answer', 'Rowan hasn’t answered', 'Dismiss'],
    ['left', 'Rowan isn’t here any more', 'Dismiss'],
    ['unverified', 'Nobody can tell who Rowan is, so nothing was offered', 'Dismiss'],
    ['failed', 'Rowan couldn’t be asked', 'Dismiss'],
  ])('reads what became of it: %s', (state, sentence, button) => {
    const html = toasts([ask(state)], []);
    expect(html).toContain(`>${sentence}</p>`);
    expect(html).toContain(`>${button}</button>`);
    expect(html).not.toContain('<a ');
  });

  it('reads why it failed', () => {
    const failure = { reason: 'rate_limited', retryAfterSeconds: 30 } as const;
    expect(toasts([{ ...ask('failed'), failure }], [])).toContain('Try again in 30 seconds.');
  });

  it('goes to the room in a tab of its own, by a link that no browser takes for a pop-up', () => {
    const html = toasts([ask('waiting', PATH)], []);
    expect(html).toMatch(new RegExp(`<a href="${PATH}" target="_blank" rel="noopener noreferrer"[^>]*>Go there</a>`));
  });
});

describe('somebody who is asked', () => {
  it('opens it by a link, or says "not now"', () => {
    const html = toasts([], [offer]);
    expect(html).toContain('Rowan would like to talk privately');
    expect(html).toMatch(new RegExp(`<a href="${PATH}" target="_blank" rel="noopener noreferrer"[^>]*>Open</a>`));
    expect(html).toContain('>Not now</button>');
    expect(html).toContain('Only you got the link.');
  });

  it('reads in a plain room what the offer does not prove, as whoever asked does', () => {
    const sentence = 'its server could have posed as each of you to the other and read the link.';
    expect(toasts([], [offer], { sealed: false })).toContain(sentence);
    expect(toasts([], [offer], { sealed: false })).not.toContain('Only you got the link.');
    expect(toasts([ask('waiting', PATH)], [], { sealed: false })).toContain(sentence);
  });

  it('sees one toast for each person', () => {
    const html = toasts([ask('waiting', PATH)], [offer, { ...offer, id: 'two', from: ines.memberId }]);
    expect(html.match(/<li /g)).toHaveLength(3);
    expect(html.match(/role="alert"/g)).toHaveLength(3);
  });

  it('sees nothing where there is nothing', () => {
    expect(toasts([], [])).toBe('');
  });
});

describe('the details of a person', () => {
  const details = (circumstances: Circumstances, whom = rowan) => {
    const people = circumstances.people ?? [you, rowan, ines];
    const session = roomSession({ ...circumstances, people });
    return render(<PersonDetails session={session} person={whom} onGive={null} onClose={nothing} onDone={nothing} />);
  };

  it.each([true, false])('offer a private talk (sealed: %s)', (sealed) => {
    const html = details({ room: { sealed } });
    expect(html).toContain('>Talk privately</button>');
    expect(html).toContain('Makes a new room for two and offers it to Rowan alone.');
    expect(html.includes('>Mark</h3>')).toBe(sealed);
  });

  it.each<[string, Circumstances, typeof rowan]>([
    ['of oneself', {}, you],
    ['of somebody who has left', { people: [you, ines] }, rowan],
    ['of a seat that could not be verified', { people: [you, person('Rowan', { unverified: true })] }, person('Rowan')],
    ['on a page that sends nothing', { muted: 'keys-lost' satisfies RoomInfo['muted'] }, rowan],
  ])('%s offer none', (_whose, circumstances, whom) => {
    expect(details(circumstances, whom)).not.toContain('Talk privately');
  });
});
