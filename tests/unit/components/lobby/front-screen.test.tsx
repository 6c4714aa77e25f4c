import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { FrontScreen, type SiteSettings } from '@/components/lobby/front-screen';
import { PublicRoom } from '@/components/lobby/public-room';
import { roomIdSchema } from '@/domain/room';
import { LOCALE } from '@/i18n/locale';
import messages from '@/i18n/words/en.json';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );
const OFF: SiteSettings = { publicRooms: false, contact: null, rules: null };
const front = (site: Partial<SiteSettings>) =>
  render(<FrontScreen reason={null} theme="system" site={{ ...OFF, ...site }} />);
const hrefs = (html: string) => Array.from(html.matchAll(/href="([^"]*)"/g), ([, href]) => href);

describe('the front page as it is served', () => {
  it('makes a room for a group by one press, and for two or for everybody by another', () => {
    const kinds = (html: string) => Array.from(html.matchAll(/name="kind"[^>]*value="(\w+)"/g), ([, kind]) => kind);
    expect(kinds(front({}))).toEqual(['pair', 'group']);
    expect(kinds(front({ publicRooms: true }))).toEqual(['pair', 'group', 'public']);
    expect(front({ publicRooms: true })).toMatch(
      /name="kind" checked="" value="group"|name="kind"[^>]*checked=""[^>]*value="group"/,
    );
  });

  it('links to those who run the site and to their rules, where the settings say so', () => {
    expect(hrefs(front({}))).toEqual(['/', '/licence.txt']);
    const links = { contact: 'mailto:me@site.example', rules: 'https://site.example/rules' };
    expect(hrefs(front(links))).toEqual(['/', '/licence.txt', links.rules, links.contact]);
  });
});

describe('a public room on the front page', () => {
  const room = {
    roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
    topic: 'Tomates \u202ena varanda',
    language: 'pt',
    members: 3,
    here: 2,
    maxMembers: 10,
    createdAt: 0,
    expiresAt: 600_000,
  };
  const words = (html: string) => html.replace(/<[^>]+>/g, '|').replaceAll(/\|+/g, '|');

  it('is a link with its topic in its own language, made safe to show, its people and its time', () => {
    const html = render(<PublicRoom room={room} now={181_000} />);
    expect(html).toContain('href="/room/Aa0Bb1Cc2Dd3Ee4Ff5Gg6H"');
    expect(html).toMatch(/<span dir="auto" lang="pt"[^>]*>Tomates na varanda<\/span>/);
    expect(words(html)).toBe('|Tomates na varanda|Portuguese|2 here|3 of 10 seats taken|7 min left|');
  });

  it.each([
    [599_999, '1 min left'],
    [540_000, '1 min left'],
    [539_999, '2 min left'],
  ])('at %i ms says %j', (now, left) => {
    expect(words(render(<PublicRoom room={room} now={now} />))).toContain(`|${left}|`);
  });

  it('that is no longer listed says so while it keeps its place', () => {
    const html = render(<PublicRoom room={{ ...room, isGone: true }} now={0} />);
    expect(words(html)).toBe('|Tomates na varanda|No longer open|');
  });
});
