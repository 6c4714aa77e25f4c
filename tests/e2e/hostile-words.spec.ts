import { OpenMember } from './support/open-member';
import { expect, test } from './support/visits';

const NARROW = { viewport: { width: 320, height: 640 } };
/** One character as people count them: a browser breaks no line in it. */
const WIDE = '\u1100'.repeat(31);
const STACKED = `a${'\u0301'.repeat(900)}`;

test('a reaction that is one endless character pushes nothing out of sight, and its number is there', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  const hostile = await OpenMember.join(owner.link, 'Rowan');
  const { id, memberId } = await hostile.say('look');
  const guest = await (await newGuest(owner.link, NARROW)).join('Inês');
  expect(hostile.session.react({ id, by: memberId }, WIDE)).toBe(true);
  const chip = guest.chip('look', WIDE);
  await expect(chip).toBeVisible();
  const [box, log] = [await chip.boundingBox(), await guest.log.boundingBox()];
  expect(box?.width).toBeLessThan((log?.width ?? 0) / 2);
  // The number stands at the end of it, and is not cut off.
  const face = chip.locator('> [aria-hidden="true"]');
  await expect(face).toHaveText(`${WIDE} 1`);
  expect(await face.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});

test('what is stacked upon a letter stays in its own message', async ({ newOwner }) => {
  const owner = await newOwner();
  const hostile = await OpenMember.join(owner.link, 'Rowan');
  await owner.say('calm words');
  await owner.expectStored('calm words');
  const { id } = await hostile.say('plain');
  await expect(owner.message('plain')).toBeVisible();
  await owner.composer.blur();
  const calm = owner.row('calm words');
  const looks = async () => (await calm.screenshot({ animations: 'disabled' })).toString('base64');
  await expect.poll(async () => (await looks()) === (await looks())).toBe(true);
  const before = await looks();
  hostile.session.edit(id, STACKED);
  await expect(owner.message('edited').first()).toBeVisible();
  expect(await looks()).toBe(before);
});
