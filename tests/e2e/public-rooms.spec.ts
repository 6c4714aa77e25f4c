import type { Request } from '@playwright/test';
import { FrontScreen } from './support/front-screen';
import { roomIdOf } from './support/room-api';
import { joinRoom, openRoom } from './support/program-seat';
import { SendingFiles } from './support/sending-files';
import { expect, test } from './support/visits';

test.use({ settings: { RATE_LIMITS: 'off', PUBLIC_ROOMS: 'on' } });

/** Every front page reads the lobby every five seconds, and a process shows everybody what is up to two seconds old. */
const SOON = { timeout: 15_000 };

test('a public room appears on the front pages of others, and is gone when it is full, locked, unlisted or ended', async ({
  newFront,
  server,
}) => {
  // Eight times the front page is a look behind.
  test.setTimeout(150_000);
  const [looker, maker] = [await newFront(), await newFront()];
  await expect(looker.lobby).toBeVisible(SOON);
  await maker.choose({ seats: '3' });
  const owner = await maker.makePublicRoom('Balcony tomatoes');
  const room = looker.publicRoom('Balcony tomatoes');
  await expect(room).toContainText('English', SOON);
  await expect(room).toContainText(/1 here.*1 of 3 seats taken.*10 min left/);
  await expect(looker.lobby).toContainText(
    /^Public rooms\d+ (person|people) in \d+ rooms? right now, private ones included\./,
    SOON,
  );

  const roomId = roomIdOf(owner.link);
  const seats = [await joinRoom(server.url, roomId), await joinRoom(server.url, roomId)];
  await expect(room, 'full').toHaveCount(0, SOON);
  await seats[1]?.ask('POST', `/api/room/leave?roomId=${roomId}`, {});
  await expect(room, 'free again').toContainText('2 of 3 seats taken', SOON);

  await owner.setLocked(true);
  await expect(room, 'locked').toHaveCount(0, SOON);
  await owner.setLocked(false);
  await expect(room, 'unlocked').toHaveCount(1, SOON);

  const options = await owner.openOptions();
  await options.getByRole('switch', { name: 'List on the front page' }).click();
  await expect(room, 'unlisted').toHaveCount(0, SOON);
  await options.getByRole('switch', { name: 'List on the front page' }).click();
  await options.getByRole('textbox', { name: 'Topic' }).fill('What eats tomatoes');
  await options.getByRole('button', { name: 'List the room' }).click();
  await expect(looker.publicRoom('What eats tomatoes'), 'listed again').toHaveCount(1, SOON);
  await owner.page.keyboard.press('Escape');
  await (await owner.askToDestroy()).confirm.click();
  await expect(looker.publicRoom('What eats tomatoes'), 'ended').toHaveCount(0, SOON);
});

test('a public room says that it is public where it is made, at its door, in its header and in the talk', async ({
  newFront,
  newGuest,
}) => {
  const front = await newFront();
  await front.kind('Public').check({ force: true });
  await expect(
    front.page.getByText(/can find the room, read along and join\. The server can read it, too/),
  ).toBeVisible();
  await front.expectAccessible('a public room is being made');
  const owner = await front.makePublicRoom('Balcony tomatoes');
  await expect(owner.header).toContainText('Balcony tomatoes');
  await expect(owner.sealButton).toHaveAccessibleName('Public, not encrypted');
  expect(new URL(owner.link).hash, 'no key').toBe('');

  const looker = await newFront();
  const room = looker.publicRoom('Balcony tomatoes');
  await expect(room).toBeVisible(SOON);
  await looker.expectAccessible('a front page with a public room');
  await room.click();
  const door = await newGuest(owner.link);
  await expect(door.heading).toHaveText(/^Public chat: .Balcony tomatoes.$/);
  await expect(door.line).toContainText('public and not encrypted: anybody can join and read');
  const guest = await door.join('Rowan');
  await expect(guest.sealButton).toHaveAccessibleName('Public, not encrypted');
  // Where the header has no room for a long topic, it is read here.
  await guest.sealButton.click();
  await expect(guest.dialog).toContainText('Balcony tomatoes');
  await guest.page.keyboard.press('Escape');
  await guest.say('hello');
  await owner.expectTalk(['hello']);
  const files = new SendingFiles(guest.page);
  await expect(files.attach).toHaveCount(0);
});

test('a plain room becomes public later, which everybody reads, and takes no files meanwhile', async ({
  newPerson,
  newFront,
  server,
}) => {
  const looker = await newFront();
  const seat = await openRoom(server.url);
  const page = await newPerson();
  await page.goto(`/room/${seat.roomId}`);
  await page.getByRole('button', { name: 'Join' }).click();
  const files = new SendingFiles(page);
  await expect(files.attach).toBeVisible();
  const list = (change: object) => seat.ask('PATCH', `/api/room?roomId=${seat.roomId}`, change);
  expect((await list({ listed: true, topic: 'Anything at all' })).status).toBe(200);
  const log = page.getByRole('log', { name: 'Messages' });
  await expect(log).toContainText(/The room is public now, and on the front page as .Anything at all/);
  await expect(files.attach).toHaveCount(0);
  // Its owner has no stream, but has been here this very moment.
  await expect(looker.publicRoom('Anything at all')).toHaveCount(1, SOON);
  expect((await list({ topic: 'Something else' })).status).toBe(200);
  await expect(log).toContainText(/topic is now .Something else/);
  await expect(looker.publicRoom('Something else')).toHaveCount(1, SOON);
  expect((await list({ listed: false })).status).toBe(200);
  await expect(log).toContainText('The room is no longer on the front page.');
  await expect(files.attach).toBeVisible();
});

test('a topic that leads elsewhere, or none, is pointed out before the server is asked, with the focus on it', async ({
  newFront,
}) => {
  const front = await newFront();
  const asked: Request[] = [];
  front.page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(request);
  });
  await front.kind('Public').check({ force: true });
  await expect(front.topic).toBeVisible();
  await front.make.click();
  await expect(front.topic).toBeFocused();
  await expect(front.topic).toHaveAccessibleDescription('Say what the talk is about.');
  await front.topic.fill('come to example.com');
  await expect(front.topic).toHaveAccessibleDescription('A topic can’t contain a link or an address.');
  await front.make.click();
  expect(asked).toEqual([]);
  // A choice of before is no obstacle to another one.
  await front.kind('A group').check({ force: true });
  const inside = await front.makeRoom();
  await expect(inside.sealButton).toHaveAccessibleName('End-to-end encrypted');
});

test('the language of the browser is chosen, and the topic is in it', async ({ newFront }) => {
  const maker = await newFront({ locale: 'pt-BR' });
  await maker.kind('Public').check({ force: true });
  await expect(maker.language).toHaveValue('pt');
  await maker.makePublicRoom('Tomates na varanda');
  const looker = await newFront();
  const room = looker.publicRoom('Tomates na varanda');
  await expect(room).toContainText('Portuguese', SOON);
  await expect(room.getByText('Tomates na varanda')).toHaveAttribute('lang', 'pt');
});

test('a room for two locks itself when both are in, and stays so when one has left', async ({ newFront, newGuest }) => {
  const front = await newFront();
  await front.kind('Just two of us').check({ force: true });
  await expect(front.counts).toBeHidden();
  const owner = await front.makeRoom();
  await expect(owner.sealButton).toHaveAccessibleName('End-to-end encrypted');
  const guest = await (await newGuest(owner.link)).join('Rowan');
  for (const screen of [owner, guest]) await expect(screen.header.getByText('Locked')).toBeVisible();
  await guest.leave();
  const third = await newGuest(owner.link);
  await expect(third.closed).toContainText('The room is locked');
});

test('the choice of rooms is made with the keyboard alone, on the smallest screen', async ({ newFront }) => {
  const front = await newFront({ viewport: { width: 320, height: 568 } });
  const { keyboard } = front.page;
  await front.kind('A group').focus();
  await keyboard.press('ArrowRight');
  await expect(front.kind('Public')).toBeChecked();
  await expect(front.topic).toBeVisible();
  await front.expectFitsWidth();
  await front.topic.focus();
  await keyboard.type('Balcony tomatoes');
  await keyboard.press('Enter');
  await expect(front.page.getByRole('textbox', { name: 'Message', exact: true })).toBeVisible();
});

test('nobody reads the lobby while the page is hidden, and it is there at once when it is seen again', async ({
  newPerson,
}) => {
  const page = await newPerson();
  await page.clock.install();
  let reads = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/api/lobby')) reads += 1;
  });
  await page.goto('/');
  const front = new FrontScreen(page);
  await expect(front.lobby).toContainText(/right now|Nobody is here/, SOON);
  const see = (visibilityState: 'visible' | 'hidden') =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, visibilityState);
  await see('hidden');
  reads = 0;
  await page.clock.runFor(600_000);
  expect(reads).toBe(0);
  const read = page.waitForRequest(/\/api\/lobby$/);
  await see('visible');
  await read;
});

test.describe('when the lobby cannot be read', () => {
  test.use({ expectedErrors: [/503/] });

  test('the front page says so quietly, and makes rooms all the same', async ({ newFront }) => {
    const front = await newFront();
    await front.page.route('**/api/lobby', (route) => route.fulfill({ status: 503, body: '' }));
    await front.page.reload();
    await expect(front.lobby).toContainText('The public rooms can’t be shown right now.', SOON);
    await expect(front.failure).toHaveCount(0);
    await front.makeRoom();
  });
});
