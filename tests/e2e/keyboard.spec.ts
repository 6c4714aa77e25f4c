import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import { InsideScreen } from './support/inside-screen';
import { expectFocusSeen, tabTo } from './support/keyboard';
import { expect, test } from './support/visits';

// The browser logs a line of its own about every error response, and pages speak while they are removed or the room ends.
test.use({ expectedErrors: [/status of 40[14] \(.*\/api\//] });

test('everything is done with the keyboard alone: make, copy, join, talk, rename, lock, remove, destroy', async ({
  newPerson,
}) => {
  const maker = await newPerson({ permissions: ['clipboard-read', 'clipboard-write'] });
  const front = await new FrontScreen(maker).open();
  await tabTo(front.lifetime('10 minutes'));
  await maker.keyboard.press('ArrowRight');
  await expect(front.lifetime('30 minutes')).toBeChecked();
  await tabTo(front.people('10 people'));
  await maker.keyboard.press('ArrowRight');
  await expect(front.people('50 people')).toBeChecked();
  await expect(front.seats).toBeHidden();
  await maker.keyboard.press('ArrowRight');
  await tabTo(front.seats);
  await maker.keyboard.press('ArrowUp');
  await expect(front.seats).toHaveValue('101');
  await maker.keyboard.press('Enter');
  const owner = new InsideScreen(maker);
  await expect(owner.composer).toBeFocused();
  await expect(owner.countdown).toHaveText(/^(30:00|29:)/);

  await tabTo(owner.invite);
  await maker.keyboard.press('Enter');
  await tabTo(owner.copyLink);
  await maker.keyboard.press('Enter');
  await expect(owner.copyLink).toHaveAccessibleName('Copied');
  await expect(owner.copyLink).toBeFocused();
  await maker.keyboard.press('Escape');
  await expect(owner.invite).toBeFocused();

  const visitor = await newPerson();
  await visitor.goto(owner.link);
  const door = new DoorScreen(visitor);
  // The door begins in the name, which is selected: one types it and presses Enter.
  await expect(door.name).toBeFocused();
  await expectFocusSeen(visitor);
  await expect(door.name).not.toHaveValue('');
  await visitor.keyboard.type('Rowan');
  await expect(door.name).toHaveValue('Rowan');
  await visitor.keyboard.press('Enter');
  const guest = new InsideScreen(visitor);
  await expect(guest.composer).toBeFocused();
  await visitor.keyboard.type('typed');
  await visitor.keyboard.press('Enter');
  await owner.expectTalk(['typed']);

  await tabTo(guest.button('Change your name'));
  await visitor.keyboard.press('Enter');
  const ownName = visitor.getByRole('textbox', { name: 'Your name', exact: true });
  await expect(ownName).toBeFocused();
  await visitor.keyboard.press('Escape');
  await expect(guest.button('Change your name')).toBeFocused();
  await visitor.keyboard.press('Enter');
  await expect(ownName).toBeFocused();
  await visitor.keyboard.press('ControlOrMeta+a');
  await visitor.keyboard.type('Kim');
  await visitor.keyboard.press('Enter');
  await expect(guest.button('Change your name')).toBeFocused();
  await expect(owner.person('Kim')).toBeVisible();

  await tabTo(owner.sealButton);
  await maker.keyboard.press('Enter');
  await expect(owner.dialog).toContainText('Safety phrase');
  await maker.keyboard.press('Escape');
  await expect(owner.sealButton).toBeFocused();

  await tabTo(owner.menuButton);
  await maker.keyboard.press('Enter');
  await tabTo(owner.menuItem('Lock the room'));
  await maker.keyboard.press('Enter');
  await expect(owner.header.getByText('Locked')).toBeVisible();
  await expect(owner.menuButton).toBeFocused();

  await tabTo(owner.button('Remove \u2068Kim\u2069'));
  await maker.keyboard.press('Enter');
  const remove = owner.dialog.getByRole('button', { name: 'Remove', exact: true });
  await tabTo(remove);
  await maker.keyboard.press('Enter');
  await expect(new EndedScreen(visitor).heading).toHaveText('You were removed');
  await expect(new EndedScreen(visitor).heading).toBeFocused();

  await tabTo(owner.menuButton);
  await maker.keyboard.press('Enter');
  await tabTo(owner.menuItem('End room for everyone'));
  await maker.keyboard.press('Enter');
  await tabTo(owner.dialog.getByRole('button', { name: 'End room' }));
  await maker.keyboard.press('Enter');
  const ended = new EndedScreen(maker);
  await expect(ended.heading).toBeFocused();
  await tabTo(ended.makeNew);
  await maker.keyboard.press('Enter');
  await expect(owner.composer).toBeFocused();
});

test('a dialog keeps the focus inside, and returns it to the button that opened it', async ({ newTalk }) => {
  const { owner } = await newTalk();
  const { page } = owner;
  const opener = owner.button('Remove \u2068Rowan\u2069');
  await opener.click();
  await expect(owner.dialog).toBeVisible();
  for (let stop = 0; stop < 8; stop += 1) {
    await page.keyboard.press('Tab');
    // After the last control of a modal come the browser's own, which a page sees as its body.
    const inside = await page.evaluate(
      () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
    );
    expect(inside, 'the focus stays in the dialog').toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(owner.dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('the conversation is scrolled with the keyboard', async ({ newTalk }) => {
  const { owner } = await newTalk();
  await owner.say(Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n'));
  // Until this is drawn below it, the talk is still growing, and a list at its end goes with it.
  await expect(owner.page.getByRole('group', { name: /^Seen by/ })).toBeVisible();
  await tabTo(owner.log);
  await owner.page.keyboard.press('Home');
  await expect(owner.newMessages).toHaveText('Jump to latest');
  // The browser scrolls smoothly there, and a key pressed on the way would take effect halfway.
  await expect.poll(() => owner.log.evaluate((log) => log.scrollTop)).toBe(0);
  await tabTo(owner.newMessages);
  await owner.page.keyboard.press('Enter');
  await expect(owner.newMessages).toHaveCount(0);
  await expect(owner.log).toBeFocused();
});
