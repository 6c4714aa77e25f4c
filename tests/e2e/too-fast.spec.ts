import { MESSAGES_PER_MEMBER } from '@/domain/limits';
import { expect, test } from './support/visits';

test.use({ settings: { RATE_LIMITS: 'on' }, expectedErrors: [/status of 429/] });

test('whoever is faster than the server allows loses nothing: the rest goes out in order when the wait is over', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  const texts = Array.from({ length: MESSAGES_PER_MEMBER.max + 4 }, (_, index) => `message ${index}.`);
  // They go out once all are written: a slow machine writes no more than the server allows.
  let letGo = () => {};
  const written = new Promise<void>((resolve) => (letGo = resolve));
  await guest.page.route('**/api/messages?*', async (route) => {
    await written;
    await route.continue();
  });
  for (const text of texts) await guest.say(text);
  letGo();
  const note = guest.page.getByText('You’re sending too fast. Sending in');
  await expect(note).toBeVisible();
  await owner.say('not held up');
  await expect(guest.message('not held up')).toBeInViewport();
  await expect(note).toHaveCount(0, { timeout: 2 * MESSAGES_PER_MEMBER.windowMs });
  const said = [...texts.slice(0, MESSAGES_PER_MEMBER.max), 'not held up', ...texts.slice(MESSAGES_PER_MEMBER.max)];
  for (const person of [owner, guest]) await person.expectTalk(said);
  await expect(guest.log.getByRole('alert')).toHaveCount(0);
});
