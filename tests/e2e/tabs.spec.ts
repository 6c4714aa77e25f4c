import type { BrowserContext, Page } from '@playwright/test';
import { EndedScreen } from './support/ended-screen';
import { InsideScreen } from './support/inside-screen';
import { readRoom } from './support/room-api';
import { expect, test } from './support/visits';

/** Counts the event streams that any tab of a browser has requested. */
function streamsOf(context: BrowserContext): { pages: Page[] } {
  const pages: Page[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/realtime') pages.push(request.frame().page());
  });
  return { pages };
}

async function openTab(context: BrowserContext, link: string): Promise<InsideScreen> {
  const tab = new InsideScreen(await context.newPage());
  await tab.page.goto(link);
  await tab.expectLive();
  return tab;
}

test('all tabs of a browser in one room share one event stream and show the same', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  const context = door.page.context();
  const streams = streamsOf(context);
  const guest = await door.join('Rowan');
  await guest.expectLive();
  const tabs = [guest, await openTab(context, owner.link), await openTab(context, owner.link)];

  await owner.say('to every tab');
  for (const tab of tabs) await expect(tab.message('to every tab')).toBeVisible();
  await tabs[2]?.say('from the third');
  for (const tab of [...tabs, owner]) await tab.expectTalk(['to every tab', 'from the third']);
  expect(streams.pages).toEqual([guest.page]);
  await expect(owner.person('Rowan')).toContainText('Here');
  expect(await readRoom(owner.link)).toMatchObject({ members: 2, here: 2 });
});

test('when the leading tab is closed, another takes over and nothing is missed', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  const context = door.page.context();
  const streams = streamsOf(context);
  const first = await door.join('Rowan');
  await first.expectLive();
  const second = await openTab(context, owner.link);
  const third = await openTab(context, owner.link);

  await owner.say('one');
  await expect(second.message('one')).toBeVisible();
  // Sent while no tab leads, or while one takes over. In either case it is heard.
  await Promise.all([first.page.close(), owner.say('two')]);
  await owner.say('three');
  for (const tab of [second, third]) {
    await tab.expectTalk(['one', 'two', 'three']);
    await tab.expectLive();
  }
  expect(streams.pages).toHaveLength(2);
  await third.say('four');
  for (const tab of [second, third, owner]) await tab.expectTalk(['one', 'two', 'three', 'four']);
});

test('leaving in one tab ends the visit in all of them', async ({ newTalk }) => {
  const { guest, link } = await newTalk();
  const other = await openTab(guest.page.context(), link);
  await guest.say('soon gone');
  await expect(other.message('soon gone')).toBeVisible();
  await guest.leave();
  const ended = new EndedScreen(other.page);
  await expect(ended.heading).toHaveText('You left the room');
  await ended.expectCleared(['soon gone', 'Rowan'], { keyStays: true });
});

test('where the browser has no locks, every tab has a stream of its own', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  const context = door.page.context();
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
  await door.page.reload();
  const streams = streamsOf(context);
  const first = await door.join('Rowan');
  await first.expectLive();
  const second = await openTab(context, owner.link);
  await owner.say('to both');
  await expect(second.message('to both')).toBeVisible();
  await second.say('from one');
  for (const tab of [first, second]) await tab.expectTalk(['to both', 'from one']);
  expect(streams.pages).toEqual([first.page, second.page]);
});
