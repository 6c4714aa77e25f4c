import { DoorScreen } from './support/door-screen';
import { FrontScreen } from './support/front-screen';
import { likeASlowPhone, readLoading, type Loading } from './support/slow-phone';
import { expect, test } from './support/visits';

// A throttled page on a busy machine takes its time.
test.describe.configure({ timeout: 180_000 });

const SCREENS = {
  phone: { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true },
  'small phone': { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true },
  'phone on its side': { viewport: { width: 740, height: 360 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
};

/** For the documents, which no test asserts: milliseconds are the machine's. */
const report = (what: string, { painted, usable, read }: Loading) =>
  console.log(
    `${what}: painted ${Math.round(painted ?? 0)} ms, usable ${Math.round(usable?.ms ?? 0)} ms` +
      ` (${usable?.requests} requests, ${Math.round((usable?.bytes ?? 0) / 1_000)} kB)` +
      (read === null ? '' : `, the room read ${Math.round(read.ms)} ms`),
  );

for (const [screen, browser] of Object.entries(SCREENS)) {
  test(`on a slow ${screen} nothing moves while the front page, the door and the room load`, async ({
    newPerson,
    newOwner,
  }) => {
    const { link } = await newOwner();

    const front = new FrontScreen(await newPerson(browser));
    await likeASlowPhone(front.page);
    await front.page.goto('/', { waitUntil: 'networkidle' });
    await expect.poll(async () => (await readLoading(front.page)).usable).not.toBeNull();
    const atTheFront = await readLoading(front.page);
    report(`front page, ${screen}`, atTheFront);
    expect(atTheFront, 'what moved on the front page').toMatchObject({ shift: 0, shifted: [] });

    const door = new DoorScreen(await newPerson(browser));
    await likeASlowPhone(door.page);
    await door.page.goto(link, { waitUntil: 'domcontentloaded' });
    await door.expectAtTheDoor();
    await expect.poll(async () => (await readLoading(door.page)).read).not.toBeNull();
    const atTheDoor = await readLoading(door.page);
    report(`door, ${screen}`, atTheDoor);
    expect(atTheDoor, 'what moved at the door').toMatchObject({ shift: 0, shifted: [] });

    expect(atTheFront.usable?.calls, 'calls before the front page is usable').toBe(0);
    expect(atTheFront.usable?.bytes).toBeLessThan(atTheDoor.usable?.bytes ?? 0);
    // The door waits for no answer: only its line does.
    expect(atTheDoor.usable?.calls).toBe(0);
    expect(atTheDoor.read?.calls).toBe(1);
    expect(atTheDoor.usable?.ms).toBeLessThanOrEqual(atTheDoor.read?.ms ?? 0);

    const inside = await door.join('Kim');
    await inside.expectLive();
    expect(await readLoading(door.page), 'what moved on the way in').toMatchObject({ shift: 0, shifted: [] });
    await door.page.reload();
    await inside.expectInside();
    await inside.expectLive();
    expect(await readLoading(door.page), 'what moved after a reload').toMatchObject({ shift: 0, shifted: [] });
  });
}

test('the way back that a tab is offered moves nothing', async ({ newOwner }) => {
  for (const browser of Object.values(SCREENS)) {
    const { page } = await newOwner({ browser });
    await likeASlowPhone(page);
    await page.goto('/');
    await expect(new FrontScreen(page).behind).toBeVisible();
    expect(await readLoading(page), `${browser.viewport.width} pixels`).toMatchObject({ shift: 0, shifted: [] });
  }
});
