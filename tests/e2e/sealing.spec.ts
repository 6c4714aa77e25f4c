import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { DoorScreen } from './support/door-screen';
import { InsideScreen } from './support/inside-screen';
import { OpenMember } from './support/open-member';
import { openPlainRoom, readRoom } from './support/room-api';
import { expect, test } from './support/visits';

const storedSchema = z.object({ messages: z.array(z.object({ text: z.string().check(z.startsWith('v2.0.')) })) });

test('a link without its key, with a wrong one or with a part of it is reported at the door, and joins nobody', async ({
  newOwner,
  newPerson,
}) => {
  const { link } = await newOwner();
  const [address = '', key = ''] = link.split('#');
  const page = await newPerson();
  const door = new DoorScreen(page);
  const faults = [
    ['', 'Part of the link is missing'],
    [`#${randomBytes(32).toString('base64url')}`, 'This link doesn’t open the room'],
    [`#${key.slice(0, -6)}`, 'This link doesn’t open the room'],
  ] as const;
  for (const [fragment, heading] of faults) {
    await page.goto('about:blank');
    await page.goto(`${address}${fragment}`);
    await expect(door.heading).toHaveText(heading);
    await expect(page.getByText('You haven’t joined, and nobody saw you here.')).toBeVisible();
    await expect(door.joinButton).toHaveCount(0);
  }
  expect((await readRoom(link)).members).toBe(1);

  // The whole link, pasted over the broken one, does not load a new page.
  await page.goto(link);
  await door.expectAtTheDoor();
  await door.join();
});

test('a reload keeps the key, and two people who hold it see the same safety phrase', async ({ newTalk, newOwner }) => {
  const { owner, guest } = await newTalk();
  await owner.say('before the reload');
  await guest.page.reload();
  await expect(guest.message('before the reload')).toBeVisible();
  await guest.say('after the reload');
  await expect(owner.message('after the reload')).toBeVisible();

  const phrase = await owner.readPhrase();
  expect(phrase).toHaveLength(6);
  expect(await guest.readPhrase()).toEqual(phrase);
  expect(await (await newOwner()).readPhrase()).not.toEqual(phrase);
});

test('a plain room says so at the door and inside, and a key in its link is ignored', async ({
  newPerson,
  newGuest,
  server,
}) => {
  const page = await newPerson();
  const path = await openPlainRoom(page);
  await page.goto(path);
  const owner = new InsideScreen(page);
  await owner.expectInside();
  await expect(owner.sealButton).toHaveAccessibleName('Not encrypted');
  await owner.sealButton.click();
  await expect(owner.dialog).toContainText('the server can read what’s said here until the room is gone.');
  await owner.page.keyboard.press('Escape');

  const door = await newGuest(server.url + path);
  await expect(door.line).toContainText('not encrypted: the server can read what’s said');
  const guest = await door.join();
  await guest.say('in the open');
  await expect(owner.message('in the open')).toBeVisible();

  const deceived = await newPerson();
  await deceived.goto(`${path}#${randomBytes(32).toString('base64url')}`);
  await expect(new DoorScreen(deceived).heading).toHaveText('This link doesn’t open the room');
});

test('a text that cannot be unsealed is marked as such, is never shown as text and does not stop the rest', async ({
  newTalk,
}) => {
  const { owner, guest, link } = await newTalk();
  await owner.say('the first');
  await expect(guest.message('the first')).toBeVisible();
  // A member can make noise, and repeat a string that somebody else has sealed. Nobody else has a seat to do so.
  const { seat } = await OpenMember.join(link, 'Linnet');
  const path = `/api/messages?roomId=${seat.roomId}`;
  const [heard] = storedSchema.parse(await (await seat.ask('GET', path)).json()).messages;
  for (const text of [`v2.0.${'A'.repeat(16)}.${'B'.repeat(192)}`, heard?.text])
    expect((await seat.ask('POST', path, { text })).status).toBe(201);
  await guest.say('the last');

  for (const person of [owner, guest]) {
    await expect(person.message('the last')).toBeVisible();
    await expect(person.message('This message could not be opened.')).toHaveCount(2);
    await person.expectTalk(['the first', 'the last']);
    await expect(person.log).not.toContainText('v2.');
  }
  await guest.page.reload();
  await guest.expectTalk(['the first', 'the last']);
  await expect(guest.message('This message could not be opened.')).toHaveCount(2);
});
