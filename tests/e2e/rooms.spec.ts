import { DoorScreen } from './support/door-screen';
import { FrontScreen } from './support/front-screen';
import { InsideScreen } from './support/inside-screen';
import { readRoom } from './support/room-api';
import { expect, test } from './support/visits';

test('one click makes a room with its maker in it, and its link carries the key in the fragment', async ({
  newFront,
}) => {
  const front = await newFront();
  const inside = await front.makeRoom();
  expect(inside.link).toMatch(/\/room\/[A-Za-z0-9]{22}#[A-Za-z0-9_-]{43}$/);
  await inside.expectLive();
  await expect(inside.countdown).toHaveText(/^(10:00|09:\d\d)$/);
  await expect(inside.peopleButton).toHaveAccessibleName('1 here, 1 of 10 seats taken');
  await expect(inside.composer).toBeFocused();
  await expect(inside.log).toContainText('It’s just you so far');
});

test('visiting, reloading and previewing a link takes no seat', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  // Before that the owner is not here for the door, which looks again only after ten seconds.
  await owner.expectLive();
  const door = await newGuest(owner.link);
  await expect(door.line).toHaveText(/^1 person here · \d+:\d\d left · end-to-end encrypted$/);
  await door.page.reload();
  await door.expectAtTheDoor();
  for (const headers of [
    { purpose: 'prefetch' },
    { 'user-agent': 'facebookexternalhit/1.1' },
    { rsc: '1', 'next-router-prefetch': '1' },
  ]) {
    const answer = await door.page.request.get(owner.link, { headers });
    expect(answer.status()).toBe(200);
    expect(answer.headers()['set-cookie']).toBeUndefined();
  }
  expect((await readRoom(owner.link)).members).toBe(1);
  await expect(owner.peopleButton).toHaveAccessibleName('1 here, 1 of 10 seats taken');
});

test('a guest joins under the suggested name or another one, and both sides see it before anybody speaks', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  await expect(door.name).toHaveValue(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  const suggested = await door.name.inputValue();
  await door.page.reload();
  await expect(door.name, 'remembered for this browser session').toHaveValue(suggested);

  await door.name.fill('   ');
  await door.joinButton.click();
  await expect(door.name).toHaveAccessibleDescription('Choose a name first.');
  await door.name.fill('x'.repeat(101));
  await expect(door.name).toHaveAccessibleDescription('A name has at most 100 characters.');
  expect((await readRoom(owner.link)).members).toBe(1);

  const guest = await door.join('Zoë 🦋');
  await expect(owner.person('Zoë 🦋')).toContainText('Here');
  await owner.expectNotice('Zoë 🦋', 'joined');
  await expect(guest.person('Zoë 🦋')).toContainText('You');
  for (const inside of [owner, guest])
    await expect(inside.peopleButton).toHaveAccessibleName('2 here, 2 of 10 seats taken');

  const another = await newOwner();
  await guest.page.goto(another.link);
  await expect(new DoorScreen(guest.page).name, 'offered for the next room').toHaveValue('Zoë 🦋');
});

test('one person holds two rooms in two tabs, and neither disturbs the other', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const secondTab = await owner.page.context().newPage();
  const second = await (await new FrontScreen(secondTab).open()).makeRoom();
  expect(second.link).not.toBe(owner.link);
  await second.expectLive();

  await owner.say('said in the first room');
  await second.say('said in the second room');
  await expect(guest.message('said in the first room')).toBeVisible();
  await guest.say('answered in the first room');
  await Promise.all([owner.page.reload(), second.page.reload()]);
  await owner.expectTalk(['said in the first room', 'answered in the first room']);
  await second.expectTalk(['said in the second room']);
  await expect(second.log).not.toContainText('first room');
  await expect(owner.log).not.toContainText('second room');
});

test('the same room in two tabs of one person takes one seat', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const tab = await guest.page.context().newPage();
  await tab.goto(guest.link);
  const second = new InsideScreen(tab);
  await second.expectLive();
  await second.say('from the other tab');
  await guest.expectTalk(['from the other tab']);
  await owner.expectTalk(['from the other tab']);
  await expect(owner.peopleButton).toHaveAccessibleName('2 here, 2 of 10 seats taken');
});

test('a member who leaves frees the seat, and finds the conversation again when coming back', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  await owner.say('before the pause');
  await guest.expectTalk(['before the pause']);
  const ended = await guest.leave();
  await ended.expectCleared(['before the pause'], { keyStays: true });
  await owner.expectNotice('Rowan', 'left');
  await expect(owner.peopleButton).toHaveAccessibleName('1 here, 1 of 10 seats taken');
  await owner.say('meanwhile');

  await guest.page.goto('/');
  await guest.page.goto(link);
  const door = new DoorScreen(guest.page);
  await door.expectAtTheDoor();
  await expect(door.name).toHaveValue('Rowan');
  const again = await door.join();
  await again.expectTalk(['before the pause', 'meanwhile']);
  await again.say('back again');
  await owner.expectTalk(['before the pause', 'meanwhile', 'back again']);
});

test('when the owner leaves, the guest owns the room and the page says so', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.leave();
  await expect(guest.log).toContainText('You own the room now');
  await guest.openMenu();
  await expect(guest.menuItem('End room for everyone')).toBeVisible();
});
