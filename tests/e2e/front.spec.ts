import type { Route } from '@playwright/test';
import { refuse } from './support/room-api';
import { expect, test } from './support/visits';

const REASONS = {
  expired: /time was up/,
  destroyed: /destroyed by its owner/,
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
  await expect(front.options).toContainText('10 minutes, 10 seats');
  await expect(front.seats).toBeHidden();
  await front.choose({ minutes: '5 minutes', seats: '3' });
  await expect(front.options).toContainText('5 minutes, 3 seats');
  const inside = await front.makeRoom();
  await expect(inside.countdown).toHaveText(/^0(4:\d\d|5:00)$/);
  const door = await newGuest(inside.link);
  await expect(door.facts).toContainText('1 of 3 taken, 2 free');
});

test('a number of seats that no room can have is pointed out before the server is asked', async ({ newFront }) => {
  const front = await newFront();
  await front.choose({ seats: '1' });
  for (const wrong of ['1', '1001', '2.5', '']) {
    await front.seats.fill(wrong);
    await expect(front.seats, wrong).toHaveAccessibleDescription('Choose a whole number from 2 to 1,000.');
    // It cannot be folded out of sight.
    await front.options.click();
    await expect(front.seats, wrong).toBeVisible();
    await expect(front.make, wrong).toBeDisabled();
  }
  await front.seats.fill('2');
  await expect(front.make).toBeEnabled();
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
    await expect(front.failure).toHaveText(/cannot reach its storage\. Try again in 1 second\./);
    await front.page.unrouteAll();
    await front.makeRoom();
  });
});

test('a click before the page has woken up makes the room all the same', async ({ newPerson }) => {
  const page = await newPerson();
  const held: Route[] = [];
  let awake = false;
  await page.route('**/_next/**/*.js', (route) => (awake ? route.continue() : void held.push(route)));
  await page.goto('/', { waitUntil: 'commit' });
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
