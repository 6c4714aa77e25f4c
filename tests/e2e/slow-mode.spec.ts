import { setSlowMode, slowModeOf } from './support/steering';
import { expect, test } from './support/visits';

test('in slow mode a guest waits between two messages and loses no word, and the owner does not wait', async ({
  newTalk,
}) => {
  test.setTimeout(90_000);
  const { owner, guest } = await newTalk();
  await setSlowMode(owner, '30 seconds');
  await expect(guest.message('Slow mode is on: guests write once every 30 seconds')).toBeVisible();
  for (const screen of [owner, guest]) await expect(slowModeOf(screen).state).toBeVisible();

  await guest.say('first');
  await expect(slowModeOf(guest).wait).toBeVisible();
  await guest.composer.fill('mango');
  await guest.composer.press('Enter');
  await expect(guest.composer).toHaveValue('mango');
  await expect(guest.send).toHaveAttribute('aria-disabled', 'true');
  await guest.expectAccessible('slow mode, waiting');
  await guest.page.setViewportSize({ width: 320, height: 640 });
  await guest.expectFitsWidth();

  await owner.say('one after');
  await owner.say('the other');
  await expect(guest.message('the other')).toBeVisible();
  await expect(owner.message('mango')).toHaveCount(0);

  // A reload shortens no wait.
  await guest.page.reload();
  await guest.expectLive();
  await expect(slowModeOf(guest).wait).toBeVisible();
  await expect(guest.composer).toHaveValue('mango');
  await expect(slowModeOf(guest).wait).toHaveCount(0, { timeout: 40_000 });
  await guest.composer.press('Enter');
  await expect(owner.message('mango')).toBeVisible();

  await setSlowMode(owner, 'Off');
  await expect(guest.message('Slow mode is off')).toBeVisible();
  await expect(slowModeOf(guest).state).toHaveCount(0);
  await guest.say('third');
  await guest.say('fourth');
  await expect(owner.message('fourth')).toBeVisible();
});
