import { expectAccessible } from './support/accessibility';
import type { InsideScreen } from './support/inside-screen';
import { OpenMember } from './support/open-member';
import { openRoom } from './support/program-seat';
import { DoorScreen } from './support/door-screen';
import { expect, test } from './support/visits';

const searchOf = ({ dialog }: InsideScreen) => ({
  field: dialog.getByRole('combobox', { name: 'Search messages' }),
  results: dialog.getByRole('option'),
  chosen: dialog.getByRole('option', { selected: true }),
  status: dialog.getByRole('status'),
});

test('what was said is found without its case and accents, by keys alone, and what was taken back is not', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('Der **Café** ist zu');
  await guest.say('ein cafe mit Garten');
  await owner.say('nothing of the kind');
  await expect(guest.message('nothing of the kind')).toBeVisible();

  await guest.composer.focus();
  await guest.page.keyboard.press('Control+Shift+F');
  const { field, results, chosen, status } = searchOf(guest);
  await expect(field).toBeFocused();
  await guest.page.keyboard.type('CAFÉ');
  await expect(results).toHaveCount(2);
  await expect(status).toHaveText('2 messages found');
  await expect(results.locator('mark')).toHaveText(['cafe', 'Café']);
  await expect(results.last()).toHaveText(/\d:\d\d.*Der Café ist zu$/);
  await expectAccessible(guest.page, 'search with results');
  await expect(chosen).toContainText('You');
  await guest.page.keyboard.press('ArrowDown');
  await expect(chosen).toContainText('Der Café');
  await guest.page.keyboard.press('Enter');
  await expect(guest.dialog).toHaveCount(0);
  await expect(guest.page.locator('[data-key]:focus')).toContainText('Der **Café** ist zu');

  // The focus is in the talk: the stroke alone opens it there.
  await guest.page.keyboard.press('/');
  await expect(field).toBeFocused();
  await guest.page.keyboard.type('xyzzy');
  await expect(status).toHaveText('Nothing found');
  await expect(results).toHaveCount(0);
  await expectAccessible(guest.page, 'search without results');
  await guest.page.keyboard.press('Escape');
  await expect(guest.dialog).toHaveCount(0);
  await expect(guest.page.locator('[data-key]:focus')).toContainText('ist zu');
  await expect(guest.composer).toHaveValue('');
});

test('a stroke that is written stays in the text, and the browser’s own search is left alone', async ({ newOwner }) => {
  const owner = await newOwner();
  // What hears the keys comes with the header.
  await owner.expectLive();
  await owner.composer.focus();
  await owner.page.keyboard.type('and/or');
  await expect(owner.composer).toHaveValue('and/or');
  const isPrevented = await owner.page.evaluateHandle(() => {
    const strokes: boolean[] = [];
    window.addEventListener(
      'keydown',
      ({ code, defaultPrevented }) => code === 'KeyF' && strokes.push(defaultPrevented),
    );
    return strokes;
  });
  await owner.page.keyboard.press('Control+f');
  await expect(owner.dialog).toHaveCount(0);
  await owner.page.keyboard.press('Control+Shift+F');
  await expect(searchOf(owner).field).toBeFocused();
  await owner.page.keyboard.press('Escape');
  expect(await isPrevented.jsonValue(), 'the browser’s search, and ours').toEqual([false, true]);
  await owner.openMenu();
  await owner.menuItem('Search').click();
  await expect(searchOf(owner).field).toBeFocused();
  await owner.page.keyboard.press('Escape');
  await expect(owner.menuButton).toBeFocused();
});

test('the whole history is searched, page by page, and the server is asked for nothing but pages', async ({
  baseURL,
  newPerson,
}) => {
  const room = await openRoom(String(baseURL));
  for (let index = 0; index < 250; index += 1) await room.say(index === 7 ? 'the needle in it' : `straw ${index}`);
  const door = new DoorScreen(
    await newPerson({ hasTouch: true, isMobile: true, viewport: { width: 375, height: 740 } }),
  );
  await door.page.goto(`/room/${room.roomId}`);
  const inside = await door.join('Ann');
  await expect(inside.message('straw 249')).toBeVisible();

  await inside.expectLive();
  const asked: string[] = [];
  inside.page.on('request', (request) =>
    asked.push(
      `${request.method()} ${new URL(request.url()).pathname}${new URL(request.url()).search} ${request.postData() ?? ''}`,
    ),
  );
  await inside.openMenu();
  await inside.menuItem('Search').tap();
  const { field, results, status } = searchOf(inside);
  await field.fill('NEEDLE');
  await expect(status).toHaveText('1 message found');
  await results.tap();
  await expect(inside.dialog).toHaveCount(0);
  await expect(inside.message('the needle in it')).toBeInViewport();
  expect(asked.length).toBeGreaterThan(0);
  // How far one has read goes out meanwhile, as ever, and parts of the page may still come in.
  const isOther = (one: string) => !/^(?:GET \/api\/messages\?|POST \/api\/signals\?|GET \/_next\/static\/)/.test(one);
  expect(asked.filter(isOther)).toEqual([]);
  expect(asked.join('\n').toLowerCase()).not.toContain('needle');
});

test('a message is found by its newest text, and no more once it is taken back', async ({ newOwner }) => {
  const owner = await newOwner();
  const member = await OpenMember.join(owner.link, 'Rowan');
  const { id } = await member.say('the first wording');
  await expect(owner.message('the first wording')).toBeVisible();
  await owner.page.keyboard.press('Control+Shift+F');
  const { field, results, status } = searchOf(owner);
  await field.fill('wording');
  await expect(results).toHaveText(/the first wording/);
  member.session.edit(id, 'another wording');
  await expect(results).toHaveText(/another wording/);
  await field.fill('first');
  await expect(results).toHaveCount(0);
  await field.fill('another');
  await expect(results).toHaveCount(1);
  member.session.takeBack(id);
  await expect(results).toHaveCount(0);
  await expect(status).toHaveText('Nothing found');
});
