import { InsideScreen } from './support/inside-screen';
import { openPlainRoom } from './support/room-api';
import { expect, test } from './support/visits';

const PHONE = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };

async function reactByMouse(screen: InsideScreen, text: string, emoji: string): Promise<void> {
  await screen.row(text).hover();
  await screen.action('More').click();
  await screen.page.getByRole('menuitemcheckbox', { name: `React with ${emoji}` }).click();
}

test('three people react by mouse and finger, read how many and who they are, and take back their own', async ({
  newCompany,
}) => {
  const { owner, rowan, ines } = await newCompany({ rowan: PHONE });
  await owner.say('pizza?');
  await expect(ines.message('pizza?')).toBeVisible();
  await reactByMouse(ines, 'pizza?', '👍');
  // These are drawn below the message, and move it: a finger that comes down meanwhile lands beside the chip.
  for (const screen of [owner, rowan]) await expect(screen.page.getByRole('group', { name: /^Seen by/ })).toBeVisible();
  await rowan.chip('pizza?', '👍').tap();
  await owner.chip('pizza?', '👍').click();
  for (const [screen, others] of [
    [owner, ['Inês', 'Rowan']],
    [rowan, ['Inês']],
    [ines, ['Rowan']],
  ] as const) {
    const chip = screen.chip('pizza?', '👍');
    await expect(chip).toHaveAccessibleName(/^👍, 3 people, you among them/u);
    for (const name of ['You', ...others]) await expect(chip).toContainText(name);
  }
  await owner.chip('pizza?', '👍').hover();
  await expect(owner.chip('pizza?', '👍').getByText(/Rowan/)).toHaveCSS('opacity', '1');
  await owner.expectAccessible('a message that three people have reacted to');

  await rowan.chip('pizza?', '👍').tap();
  await expect(owner.chip('pizza?', '👍')).toHaveAccessibleName(/2 people, you among them/);
  await expect(owner.chip('pizza?', '👍')).not.toContainText('Rowan');
  await expect(rowan.chip('pizza?', '👍')).toHaveAttribute('aria-pressed', 'false');
  await owner.chip('pizza?', '👍').click();
  await ines.chip('pizza?', '👍').click();
  for (const screen of [owner, rowan, ines]) await expect(screen.chip('pizza?', '👍')).toHaveCount(0);
});

test('a reaction that is drawn while one scrolls throws nobody back', async ({ newTalk }) => {
  const { owner } = await newTalk();
  await owner.say(Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n'));
  await owner.say('pizza?');
  await reactByMouse(owner, 'pizza?', '👍');
  const chip = owner.chip('pizza?', '👍');
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  const handle = await chip.elementHandle();
  const place = await owner.log.evaluate(async (log, drawn) => {
    const frames = async () => {
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    };
    log.scrollTop = 400;
    await frames();
    // The browser reports this with its next frame, and the reaction is drawn before that.
    log.scrollTop = 100;
    (drawn as HTMLElement).click();
    await frames();
    return log.scrollTop;
  }, handle);
  await expect(chip).toHaveCount(0);
  expect(place).toBe(100);
});

test('in a plain room one reacts, replies and edits as in a sealed one, also for those who come later', async ({
  newPerson,
  newGuest,
}) => {
  const owner = new InsideScreen(await newPerson());
  await owner.page.goto('/');
  await owner.page.goto(await openPlainRoom(owner.page));
  await owner.expectLive();
  const rowan = await (await newGuest(owner.link)).join('Rowan');
  await rowan.expectLive();
  await owner.say('tae?');
  await expect(rowan.message('tae?')).toBeVisible();
  await reactByMouse(rowan, 'tae?', '🙏');
  await expect(owner.chip('tae?', '🙏')).toContainText('Rowan');
  await rowan.row('tae?').hover();
  await rowan.action('Reply').click();
  await rowan.say('with milk');
  await expect(owner.row('with milk').getByRole('button', { name: /^Reply to/ })).toContainText('tae?');

  await owner.composer.press('ArrowUp');
  await expect(owner.composer).toHaveValue('tae?');
  await owner.composer.fill('tea?');
  await owner.composer.press('Enter');
  const late = await (await newGuest(owner.link)).join('Late');
  for (const screen of [owner, rowan, late]) {
    await expect(screen.message('tae?')).toHaveCount(0);
    await expect(screen.row('with milk').getByRole('button', { name: /^Reply to/ })).toContainText('tea?');
    await expect(screen.log.getByText('edited', { exact: true })).toBeVisible();
    await expect(screen.log.getByRole('button', { name: /^🙏, 1 person/u })).toHaveCount(1);
  }
});
