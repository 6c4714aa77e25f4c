import { expectAccessible } from './support/accessibility';
import { setHidden } from './support/attention';
import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { InsideScreen } from './support/inside-screen';
import { scrollBy, sendAll, write } from './support/long-talk';
import { lastWordsOf, UNTIL_NEAR } from './support/last-words';
import { OpenMember } from './support/open-member';
import { openRoom } from './support/program-seat';
import { expect, test } from './support/visits';

const SECRET = `${'Xk3v9Q'.repeat(7)}A`;

test.describe('a room that ends', () => {
  test.use({ expectedErrors: [/404/] });

  test('goes on in a new one for those who want to: the owner offers it, each goes under the same name, and one even after the end', async ({
    newTalk,
    newGuest,
  }) => {
    test.setTimeout(150_000);
    const { owner, guest, link } = await newTalk({ minutes: '1 minute', browser: { hasTouch: true } });
    const late = await (await newGuest(link)).join('Late');
    await owner.say('soon over');
    await expect(late.message('soon over')).toBeVisible();
    const sent: string[] = [];
    for (const { page } of [owner, guest, late])
      page.on('request', (request) =>
        sent.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`),
      );

    const { goOn } = lastWordsOf(owner);
    await expect(goOn).toBeVisible(UNTIL_NEAR);
    await goOn.focus();
    await owner.page.keyboard.press('Enter');
    for (const inside of [owner, guest, late]) {
      await expect(lastWordsOf(inside).card).toBeVisible();
      await expect(inside.log).toContainText(/started a new room/);
    }
    // One room is enough.
    await expect(goOn).toHaveCount(0);
    await expectAccessible(guest.page, 'the offer of a new room');

    const before = guest.link;
    await lastWordsOf(guest).card.tap();
    await expect.poll(() => guest.link).not.toBe(before);
    const after = new InsideScreen(guest.page);
    await after.expectInside();
    await expect(after.countdown).toHaveText(/^0[01]:\d\d$/);
    await expect(after.message('soon over')).toHaveCount(0);

    await lastWordsOf(owner).card.focus();
    await owner.page.keyboard.press('Enter');
    await expect.poll(() => owner.link).toBe(guest.link);
    await owner.expectInside();
    await expect(owner.person('Rowan')).toBeVisible();
    await expect(owner.people.getByText('Owner')).toBeVisible();
    await owner.say('here we are');
    await expect(after.message('here we are')).toBeVisible();

    // The old room ends on time, and leads on.
    const ended = new EndedScreen(late.page);
    await expect(ended.heading).toHaveText(/It’s gone/, { timeout: 60_000 });
    await late.page.getByRole('button', { name: 'Go on in the new room' }).click();
    const there = new InsideScreen(late.page);
    await there.expectInside();
    await expect.poll(() => there.link).toBe(guest.link);
    await expect(there.message('here we are')).toBeVisible();
    await expect(owner.person('Late')).toBeVisible();

    const key = new URL(guest.link).hash.slice(1);
    expect(key).toHaveLength(43);
    expect(sent.join('\n')).not.toContain(key);
  });
});

test('a link that a guest sends as an offer is a link like any other, and leads to a door', async ({ newOwner }) => {
  const owner = await newOwner();
  // Nothing is read out that was said before one came in.
  await owner.expectLive();
  const guest = await OpenMember.join(owner.link, 'Rowan');
  guest.session.offerRoom({ roomId: guest.seat.roomId, secret: SECRET });
  const link = owner.log.getByRole('link');
  await expect(link).toHaveAttribute('href', new RegExp(`/room/${guest.seat.roomId}#${SECRET}$`));
  await expect(link).toHaveAttribute('target', '_blank');
  // Nor is it read out as an offer.
  const read = owner.page.locator('[aria-live="polite"]');
  await expect(read.getByText(new RegExp(`: http.*/room/${guest.seat.roomId}`))).toBeAttached();
  await expect(read.getByText(/offers a new room/)).toHaveCount(0);
  await expect(lastWordsOf(owner).card).toHaveCount(0);
});

test('in a plain room, the offer is a text that is the link: a card from the owner, and a text from anybody else', async ({
  baseURL,
  newPerson,
}) => {
  const room = await openRoom(String(baseURL));
  const door = new DoorScreen(await newPerson());
  await door.page.goto(`/room/${room.roomId}`);
  const guest = await door.join('Ann');
  const { roomId } = await openRoom(String(baseURL));
  const link = `${String(baseURL)}/room/${roomId}`;
  await guest.say(link);
  await expect(guest.log.getByRole('link', { name: link })).toBeVisible();
  await room.say(`see ${link}`);
  await expect(guest.log.getByRole('link', { name: link })).toHaveCount(2);
  await expect(lastWordsOf(guest).card).toHaveCount(0);
  await room.say(link);
  await expect(lastWordsOf(guest).card).toBeVisible();
  await expect(guest.log.getByRole('link', { name: link })).toHaveCount(2);

  // It is for everybody here, also for those who read further up or look elsewhere.
  await sendAll(
    room,
    Array.from({ length: 39 }, (_, index) => write(`line ${index}.`)),
  );
  // Alone, as those above come in any order.
  await room.say('line 39.');
  await expect(guest.message('line 39.')).toBeAttached();
  await scrollBy(guest, -400);
  await setHidden(guest.page, true);
  await room.say(link);
  await expect(guest.page).toHaveTitle('(1 for you) Mayfly');
  await setHidden(guest.page, false);
  await expect(guest.toast).toBeVisible();
  await guest.toast.click();
  await expect(lastWordsOf(guest).card.last()).toBeInViewport();
  await expect(guest.toast).toHaveCount(0);

  await lastWordsOf(guest).card.last().click();
  await expect.poll(() => guest.link).toBe(link);
  await guest.expectInside();
  await expect(guest.log).not.toContainText('line 39.');
});
