import { AskingScreen, atTheDoorOf } from './support/at-the-door';
import type { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/visits';

// The browser logs a line of its own about every error response.
const REFUSED = /Failed to load resource: the server responded with a status of 40[134]/;

test.use({ expectedErrors: [REFUSED] });

/** The next read of the list, after somebody came or went. */
const SOON = { timeout: 20_000 };

async function askBeforeAnybodyJoins(owner: InsideScreen): Promise<void> {
  const options = await owner.openOptions();
  await options.getByRole('switch', { name: 'Ask me before anybody joins' }).click();
  await expect(options.getByRole('switch', { name: 'Ask me before anybody joins' })).toBeChecked();
  await owner.page.keyboard.press('Escape');
  await expect(owner.message('Newcomers now wait at the door until the owner lets them in')).toBeVisible();
}

test('guests of a room that asks first wait at its door, in order, and come in when they are let in', async ({
  newFront,
  newGuest,
}) => {
  const front = await newFront();
  await front.page.getByRole('checkbox', { name: 'Ask me before anybody joins' }).check();
  const owner = await front.makeRoom();
  await owner.expectLive();
  const door = atTheDoorOf(owner);

  const ada = new AskingScreen(await newGuest(owner.link));
  await expect(ada.ask).toBeVisible();
  await ada.askAs('Ada');
  await ada.door.expectAccessible('waiting at the door');
  await expect(door.toast).toContainText('Ada');
  const bert = new AskingScreen(await newGuest(owner.link));
  await bert.askAs('Bert');
  await expect(door.rows).toHaveText([/^Ada/, /^Bert/], SOON);
  await expect(owner.page.getByRole('main').getByText('1 more is waiting')).toBeVisible();
  await expect(owner.header.getByRole('button', { name: /seats taken, 2 at the door$/ })).toBeVisible();
  await owner.expectAccessible('two at the door');

  // Whoever reloads keeps their place and need not ask again.
  await ada.door.page.reload();
  await expect(ada.standing).toContainText('Waiting to be let in');
  await expect(door.rows).toHaveText([/^Ada/, /^Bert/]);
  await ada.door.page.setViewportSize({ width: 320, height: 640 });
  await ada.door.expectFitsWidth();

  await door.letIn('Ada').click();
  const inside = await ada.inside();
  await expect(owner.person('Ada')).toBeVisible();
  await expect(door.toast).toContainText('Bert');
  await expect(door.rows).toHaveText([/^Bert/]);
  await inside.say('thank you');
  await expect(owner.message('thank you')).toBeVisible();

  await door.refuse('Bert').click();
  await expect(bert.standing).toContainText('You weren’t let in');
  await expect(bert.askAgain).toHaveAttribute('aria-disabled', 'true');
  await expect(bert.askAgain).toHaveText(/^Ask again in \d+ s$/);
  await expect(door.list).toHaveCount(0);
});

test('somebody who stops waiting is at the form again, and comes in at once where nobody has to ask any more', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, link } = await newTalk();
  await askBeforeAnybodyJoins(owner);
  const cleo = new AskingScreen(await newGuest(link));
  await cleo.askAs('Cleo');
  await expect(atTheDoorOf(owner).toast).toContainText('Cleo');
  await cleo.stop.click();
  await expect(cleo.door.name).toHaveValue('Cleo');
  await cleo.askAs('Cleo');

  const options = await owner.openOptions();
  await options.getByRole('switch', { name: 'Ask me before anybody joins' }).click();
  await cleo.inside();
  await expect(owner.message('Newcomers no longer have to ask')).toHaveCount(1);
});

test('the owner gone, the next owner sees who waits', async ({ newTalk, newGuest }) => {
  const { owner, guest, link } = await newTalk();
  await askBeforeAnybodyJoins(owner);
  const dana = new AskingScreen(await newGuest(link));
  await dana.askAs('Dana');
  await expect(atTheDoorOf(owner).toast).toContainText('Dana');
  await expect(atTheDoorOf(guest).toast).toHaveCount(0);
  await owner.leave();
  const door = atTheDoorOf(guest);
  await expect(door.toast).toContainText('Dana', SOON);
  await door.letIn('Dana').click();
  await dana.inside();
  await expect(guest.person('Dana')).toBeVisible();
});

test('a lock wins over waiting, and a new link ends it', async ({ newTalk, newGuest }) => {
  const { owner, link } = await newTalk();
  await askBeforeAnybodyJoins(owner);
  const eli = new AskingScreen(await newGuest(link));
  await eli.askAs('Eli');
  await owner.setLocked(true);
  await expect(eli.standing).toContainText('The room is locked', SOON);
  await eli.door.lookAway();
  await owner.setLocked(false);
  await eli.door.checkAgain();
  await eli.askAs('Eli');
  await owner.renewLink();
  await expect(eli.door.heading).toHaveText('This link was replaced', SOON);
});
