import type { Route } from '@playwright/test';
import { FrontScreen } from './support/front-screen';
import { InsideScreen } from './support/inside-screen';
import { readRoom, refuse } from './support/room-api';
import { expect, test } from './support/visits';

const REASONS = {
  expired: /time was up/,
  destroyed: /owner ended that room for everyone/,
  removed: /removed you/,
  full: /Every seat in that room is taken/,
  locked: /locked/,
  'not-found': /no such room/,
  left: /You left the room/,
};

test('the front page says why a visitor was brought back, and nothing for a reason that it does not know', async ({
  newFront,
}) => {
  const front = await newFront();
  await expect(front.reason).toHaveCount(0);
  for (const [reason, words] of Object.entries(REASONS)) {
    await front.page.goto(`/?reason=${reason}`);
    await expect(front.reason, reason).toHaveText(words);
  }
  await front.page.goto('/?reason=%3Cscript%3E');
  await expect(front.reason).toHaveCount(0);
});

test('a room has the lifetime and the seats that were chosen for it', async ({ newFront, newGuest }) => {
  const front = await newFront();
  await expect(front.lifetime('10 minutes')).toBeChecked();
  await expect(front.people('10 people')).toBeChecked();
  await expect(front.seats).toBeHidden();
  await front.choose({ minutes: '5 minutes', seats: '3' });
  const inside = await front.makeRoom();
  await expect(inside.countdown).toHaveText(/^0(4:\d\d|5:00)$/);
  // Before that the owner is not here for the door, which looks again only after ten seconds.
  await inside.expectLive();
  const door = await newGuest(inside.link);
  await expect(door.line).toHaveText(/^1 person here, room for 2 more · [45]:\d\d left · end-to-end encrypted$/);
});

test('a number of seats that no room can have is pointed out before the server is asked', async ({ newFront }) => {
  const front = await newFront();
  await front.choose({ seats: '1' });
  for (const wrong of ['1', '1001', '2.5', '']) {
    await front.seats.fill(wrong);
    await expect(front.seats, wrong).toHaveAccessibleDescription('Choose a whole number from 2 to 1,000.');
    await expect(front.make, wrong).toBeDisabled();
  }
  // A chip is a choice without a fault, whatever was typed before.
  await front.people('5 people').check({ force: true });
  await expect(front.make).toBeEnabled();
  await front.more.check({ force: true });
  await expect(front.make).toBeDisabled();
  await front.seats.fill('2');
  await expect(front.make).toBeEnabled();
});

test('what was chosen before the page had woken up is chosen', async ({ newPerson }) => {
  const page = await newPerson();
  const front = new FrontScreen(page);
  const held: Route[] = [];
  let awake = false;
  await page.route('**/_next/**/*.js', (route) => (awake ? route.continue() : void held.push(route)));
  await page.goto('/', { waitUntil: 'commit' });
  await front.choose({ minutes: '5 minutes', seats: '3' });
  await front.make.click({ noWaitAfter: true });
  awake = true;
  for (const route of held) await route.continue();
  const inside = new InsideScreen(page);
  await inside.expectInside();
  await expect(inside.countdown).toHaveText(/^0?(4:\d\d|5:00)/);
  expect((await readRoom(inside.link)).maxMembers).toBe(3);
});

for (const [width, height] of [
  [1280, 800],
  [820, 1180],
  [740, 360],
  [375, 667],
  [320, 568],
] as const) {
  test(`the headline breaks at its full stop, every choice and the button are in sight, and the living room has its place at ${width}×${height}`, async ({
    newFront,
  }) => {
    const front = await newFront({ viewport: { width, height } });
    await expect(front.heading).toHaveText('A room to talk in. Gone when you’re done.');
    const lines = await front.heading.evaluate((heading) => {
      const height = Number.parseFloat(getComputedStyle(heading).lineHeight);
      return Array.from(heading.children, (sentence) => Math.round(sentence.getBoundingClientRect().height / height));
    });
    expect(lines, 'lines of each sentence').toEqual([1, 1]);
    await front.expectFitsWidth();
    const form = await front.make.boundingBox();
    const sample = await front.page.getByText('My lips are sealed.').boundingBox();
    if (form === null || sample === null) throw new Error('It is not on the page.');
    if (width >= 820) expect(sample.x, 'the living room is beside').toBeGreaterThan(form.x + form.width);
    else expect(sample.y, 'the living room is below').toBeGreaterThan(form.y + form.height);
    if (height === 568) return;
    for (const control of [front.lifetimes, front.counts, front.make])
      await expect(control).toBeInViewport({ ratio: 1 });
  });
}

test('beside the form a small room lives: three messages come and go, and stand still where motion is unwanted', async ({
  newFront,
}) => {
  const sample = 'My lips are sealed.';
  const running = ({ page }: FrontScreen) =>
    page.evaluate(() => document.getAnimations().map(({ effect }) => effect?.getComputedTiming().iterations));
  const front = await newFront();
  expect(await running(front)).toEqual([Infinity, Infinity, Infinity]);
  expect(await front.page.locator('body').ariaSnapshot(), 'what is read out').not.toContain(sample);
  const still = await newFront({ reducedMotion: 'reduce' });
  expect(await running(still)).toEqual([]);
  await expect(still.page.getByText(sample)).toHaveCSS('opacity', '1');
});

test('a tab that leaves a living room for the front page is offered the way back, by which it gets there', async ({
  newTalk,
}) => {
  const { owner, guest, link } = await newTalk();
  const front = new FrontScreen(owner.page);
  // The room was made on the front page, so it is ahead of it in the tab's history.
  await owner.page.goBack();
  await expect(front.behind).toHaveText(/^Go back to your room · \d:\d\d left$/);
  await front.behind.click();
  await owner.expectInside();
  expect(owner.link).toBe(link);
  // By a new page load it is behind.
  await guest.page.goto('/');
  const second = new FrontScreen(guest.page);
  await second.expectAccessible('the way back');
  await second.behind.click();
  await guest.expectLive();
  expect(guest.link).toBe(link);
  await guest.say('back again');
  await owner.expectTalk(['back again']);
});

test.describe('when the room has ended meanwhile', () => {
  // The look at it is answered with 404.
  test.use({ expectedErrors: [/404/] });

  test('no way back is offered where it would lead to an end: after leaving, removal or the end of the room', async ({
    newTalk,
    newGuest,
  }) => {
    const { owner, guest, link } = await newTalk();
    const lookedUp = async (person: InsideScreen) => {
      const front = new FrontScreen(person.page);
      const answered = person.page.waitForResponse(/\/api\/room\?/);
      await front.open();
      await answered;
      return front;
    };
    const { page } = guest;
    await guest.leave();
    await page.goto('/');
    expect(await page.evaluate(() => sessionStorage.getItem('mayfly:stay'))).toBeNull();

    const kim = await (await newGuest(link)).join('Kim');
    await kim.expectLive();
    await expect((await lookedUp(kim)).behind).toBeVisible();
    await owner.remove('Kim');
    await expect((await lookedUp(kim)).behind).toHaveCount(0);

    // Removing Kim gave the room a new link.
    await owner.expectNewLink(link);
    const lee = await (await newGuest(owner.link)).join('Lee');
    await lee.expectLive();
    await expect((await lookedUp(lee)).behind).toBeVisible();
    await (await owner.askToDestroy()).confirm.click();
    await expect(owner.heading).not.toHaveText('Room');
    await expect((await lookedUp(lee)).behind).toHaveCount(0);
    await expect.poll(() => lee.page.evaluate(() => sessionStorage.getItem('mayfly:stay'))).toBeNull();
  });
});

test.describe('when the server refuses to make a room', () => {
  test.use({ expectedErrors: [/429|503/] });

  test('the reason and the time to wait are shown, and the next try may succeed', async ({ newFront }) => {
    const front = await newFront();
    await refuse(front.page, 'POST', '/api/room', { status: 429, code: 'rate_limited', retryAfter: 30 });
    await front.make.click();
    await expect(front.failure).toHaveText(/You’re doing that too fast\. Try again in 30 seconds\./);
    await refuse(front.page, 'POST', '/api/room', { status: 503, code: 'storage_unavailable', retryAfter: 1 });
    await front.make.click();
    await expect(front.failure).toHaveText(/can’t reach its storage\. Try again in 1 second\./);
    await front.page.unrouteAll();
    await front.makeRoom();
  });
});

test('a click before the page has woken up makes the room all the same', async ({ newPerson }) => {
  const page = await newPerson();
  const held: Route[] = [];
  let awake = false;
  await page.route('**/_next/**/*.js', (route) => (awake ? route.continue() : void held.push(route)));
  // The markup is whole by then, with the few lines at its end that keep what is pressed early.
  await page.goto('/', { waitUntil: 'domcontentloaded' });
  await page.getByRole('button', { name: 'Make a room' }).click({ noWaitAfter: true });
  awake = true;
  for (const route of held) await route.continue();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
});

test('the chosen colours are there at once, in every later tab, and from the first byte of a page', async ({
  newFront,
}) => {
  const front = await newFront({ colorScheme: 'light' });
  const { page } = front;
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await front.theme('Dark').click();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();

  const markup = await (await page.request.get('/')).text();
  expect(markup, 'what the server sends').toContain('<html lang="en" data-theme="dark"');
  await page.reload();
  expect(await ground()).toBe(dark);

  const inside = await front.makeRoom();
  expect(await ground()).toBe(dark);
  await inside.openMenu();
  await front.theme('System').click();
  await expect.poll(ground).toBe(light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(ground).toBe(dark);
  expect(await page.context().cookies(), 'what following the system leaves behind').not.toContainEqual(
    expect.objectContaining({ name: 'theme' }),
  );
});

test('pages have titles, descriptions, icons and a manifest, and only the front page is for search engines', async ({
  newOwner,
}) => {
  const inside = await newOwner();
  const { page, link } = inside;
  await expect(page).toHaveTitle('Room · Mayfly');
  const room = await page.request.get(link);
  expect(room.headers()['x-robots-tag']).toContain('noindex');
  expect(await room.text()).toMatch(/<meta name="robots" content="noindex, nofollow/);

  const missing = await page.request.get('/nowhere');
  expect(missing.status()).toBe(404);
  expect(await missing.text()).toContain('noindex');

  await page.goto('/');
  await expect(page).toHaveTitle('Mayfly: chat rooms that leave no trace');
  await expect(page.locator('meta[name="description"]')).toHaveAttribute('content', /anonymous chat room in one click/);
  await expect(page.locator('meta[name="robots"]')).toHaveCount(0);
  expect(await (await page.request.get('/robots.txt')).text()).toMatch(/Disallow: \/room\//);

  const manifestPath = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest: unknown = await (await page.request.get(manifestPath ?? '')).json();
  expect(manifest).toMatchObject({ name: 'Mayfly', start_url: '/', display: 'standalone' });
  const declared = JSON.stringify(manifest).match(/\/[\w./-]+\.(?:png|svg)/g) ?? [];
  const linked = await page
    .locator('link[rel~="icon"], link[rel="apple-touch-icon"]')
    .evaluateAll((links) => links.map((icon) => icon.getAttribute('href') ?? ''));
  expect(declared).toHaveLength(4);
  expect(linked.length).toBeGreaterThanOrEqual(3);
  for (const path of [...declared, ...linked, '/favicon.ico']) {
    const icon = await page.request.get(path);
    expect(icon.status(), path).toBe(200);
    expect(icon.headers()['content-type'], path).toMatch(/^image\//);
  }
});
