import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import { takeHeapSnapshot } from './support/heap';
import type { InsideScreen } from './support/inside-screen';
import { readRoom } from './support/room-api';
import { countTraces, expectNoTrace, type Secrets } from './support/traces';
import { expect, test } from './support/visits';

/** The time that the countdown shows, in seconds. At the door, words follow it. */
function secondsOf(shown: string): number {
  const [, minutes = NaN, seconds = NaN] = /^(\d+):(\d\d)\b/.exec(shown)?.map(Number) ?? [];
  return minutes * 60 + seconds;
}

/**
 * Notes every change of the countdown with its moment. The answer says how far from the true moments they were, in
 * milliseconds, beyond what any timer of that page was late by at that moment: a busy machine delays all of them.
 */
async function watchCountdown({ countdown }: InsideScreen, expiresAt: number): Promise<() => Promise<number[]>> {
  const notes = await countdown.evaluateHandle((element, end) => {
    const changes: { shown: string; at: number }[] = [];
    /** By the seconds that are left. */
    const timersLate: Record<number, number> = {};
    const atNextSecond = () => {
      const left = Math.floor((end - Date.now()) / 1_000);
      const due = end - left * 1_000;
      setTimeout(() => {
        timersLate[left] = Date.now() - due;
        atNextSecond();
      }, due - Date.now());
    };
    atNextSecond();
    const note = () => changes.push({ shown: element.textContent, at: Date.now() });
    new MutationObserver(note).observe(element, { characterData: true, childList: true, subtree: true });
    return { changes, timersLate };
  }, expiresAt);
  return async () => {
    const { changes, timersLate } = await notes.jsonValue();
    return changes.map(({ shown, at }) => {
      const left = secondsOf(shown);
      return Math.max(0, Math.abs(at - (expiresAt - left * 1_000)) - Math.max(0, timersLate[left] ?? 0));
    });
  };
}

test.describe('a real minute', () => {
  test.use({ expectedErrors: [/404/] });

  test('a one-minute room counts down right to the second, ends for both by itself, and keeps a draft to copy', async ({
    newTalk,
    newPerson,
  }) => {
    test.setTimeout(110_000);
    const { owner, guest, link } = await newTalk({
      minutes: '1 minute',
      browser: { permissions: ['clipboard-read', 'clipboard-write'] },
    });
    const { expiresAt } = await readRoom(link);
    const watches = [await watchCountdown(owner, expiresAt), await watchCountdown(guest, expiresAt)];
    await owner.say('these words are to vanish');
    await guest.expectTalk(['these words are to vanish']);
    await guest.composer.fill('not finished yet');
    await expect(guest.timeAnnounced).toHaveText('Ten seconds left.', { timeout: 65_000 });
    // The clocks of the test, the server and both browsers are one.
    for (const lateness of await Promise.all(watches.map((read) => read()))) {
      expect(lateness.length).toBeGreaterThan(20);
      // One change may be drawn late. The next one is on time again, and none shows another second than the true one.
      const errors = lateness.sort((left, right) => left - right);
      expect(errors.at(-1), 'milliseconds from the true second, at worst').toBeLessThan(1_000);
      expect(errors[Math.floor(errors.length / 2)], 'milliseconds from the true second, mostly').toBeLessThan(250);
    }

    for (const inside of [owner, guest]) {
      const ended = new EndedScreen(inside.page);
      await expect(ended.heading).toHaveText('It’s gone. 1 minute, 2 people, nothing kept.', { timeout: 20_000 });
      await expect(ended.heading).toBeFocused();
      expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
      await ended.expectCleared(['these words are to vanish', 'Rowan']);
      await ended.expectAccessible('ended, expired');
    }
    await expect(new EndedScreen(owner.page).draft).toHaveCount(0);
    const ended = new EndedScreen(guest.page);
    await expect(ended.draft).toHaveValue('not finished yet');
    await ended.copyDraft.click();
    await expect(ended.copyDraft).toHaveText('Copied');
    expect(await guest.page.evaluate(() => navigator.clipboard.readText())).toBe('not finished yet');

    const late = await newPerson();
    await late.goto(link);
    await expect(new FrontScreen(late).reason).toHaveText(/There’s no such room/);
    await guest.page.reload();
    await expect(new FrontScreen(guest.page).reason).toHaveText(/There’s no such room/);
  });
});

test.describe('a room that is destroyed', () => {
  test.use({ expectedErrors: [/404/] });

  test('asks for confirmation, ends for everybody at once, and leaves nothing on any screen or in the history', async ({
    newTalk,
    newGuest,
  }) => {
    const { owner, guest, link } = await newTalk();
    const door = await newGuest(link);
    await owner.say('soon to be gone');
    await guest.expectTalk(['soon to be gone']);
    await guest.composer.fill('a draft of the guest');

    const first = await owner.askToDestroy();
    await expect(first.cancel).toBeFocused();
    await first.cancel.click();
    await expect(owner.dialog).toHaveCount(0);
    await expect(owner.menuButton).toBeFocused();
    await owner.expectTalk(['soon to be gone']);

    const second = await owner.askToDestroy();
    await second.confirm.click();
    for (const inside of [owner, guest]) {
      const ended = new EndedScreen(inside.page);
      await ended.expectDestroyed('2 people');
      await expect(ended.heading).toBeFocused();
      await ended.expectCleared(['soon to be gone', 'Rowan']);
    }
    await expect(new EndedScreen(guest.page).draft).toHaveValue('a draft of the guest');

    await guest.page.goto('/');
    await guest.page.goBack();
    const front = new FrontScreen(guest.page);
    await expect(front.reason).toHaveText(/There’s no such room/);
    await guest.page.goForward();
    await expect(front.heading).toBeVisible();
    expect(await guest.page.content()).not.toContain('soon to be gone');
    expect(await guest.page.content()).not.toContain('a draft of the guest');

    await door.page.context().setOffline(true);
    await door.page.context().setOffline(false);
    await expect(door.heading).toHaveText('The room is gone before its time');
    await new EndedScreen(door.page).expectCleared([]);
  });

  test('ends in every tab of its owner', async ({ newOwner }) => {
    const owner = await newOwner();
    const tab = await owner.page.context().newPage();
    await tab.goto(owner.link);
    await expect(tab.getByRole('textbox', { name: 'Message' })).toBeVisible();
    await (await owner.askToDestroy()).confirm.click();
    for (const page of [owner.page, tab]) await new EndedScreen(page).expectDestroyed('1 person');
  });

  test('is followed by a new one with one press', async ({ newOwner }) => {
    const owner = await newOwner();
    const { link } = owner;
    await (await owner.askToDestroy()).confirm.click();
    await new EndedScreen(owner.page).makeNew.click();
    await owner.expectLive();
    expect(owner.link).not.toBe(link);
    expect((await readRoom(owner.link)).members).toBe(1);
  });
});

test('reloading after leaving shows the door again, and one press leads past it, with the unsent draft', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('before the pause');
  await guest.expectTalk(['before the pause']);
  await guest.leave();
  await guest.page.reload();
  const door = new DoorScreen(guest.page);
  await door.expectAtTheDoor();
  const again = await door.join();
  await again.expectTalk(['before the pause']);

  await again.composer.fill('half a sent');
  const ended = await again.leave();
  await expect(ended.draft).toHaveValue('half a sent');
  await ended.expectAccessible('ended, left');
  await ended.comeBack.click();
  await again.expectInside();
  await expect(again.composer).toHaveValue('half a sent');
  await again.send.click();
  await owner.expectTalk(['before the pause', 'half a sent']);
});

test.describe('a removed member', () => {
  test.use({ expectedErrors: [/40[14]/] });

  test('learns of it after every reload, until the new link is visited or the room has ended', async ({ newTalk }) => {
    const { owner, guest, link } = await newTalk();
    await owner.askToRemove('Rowan');
    await owner.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    const ended = new EndedScreen(guest.page);
    for (let reloads = 0; reloads < 3; reloads += 1) {
      await expect(ended.heading).toHaveText('You were removed');
      await expect(ended.joinAgain).toHaveCount(0);
      await ended.expectCleared(['Rowan']);
      await guest.page.reload();
    }
    await expect(ended.heading).toHaveText('You were removed');
    await ended.expectAccessible('ended, removed and reloaded');
    await expect.poll(() => owner.page.url()).not.toBe(link);
    await guest.page.goto(owner.page.url());
    const door = new DoorScreen(guest.page);
    await door.expectAtTheDoor();
    await door.join('Rowan the Second');
    await expect(owner.person('Rowan the Second')).toBeVisible();
    await guest.page.reload();
    await guest.expectLive();
  });
});

test('a member who comes back to the page of a living room through the history is still in the room', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await guest.say('still to be seen');
  // A page that goes before the server has it sends it when it is back, behind what was said in between.
  await expect(owner.message('still to be seen')).toBeVisible();
  await guest.page.goto('/');
  await owner.say('said in between');
  await guest.page.goBack();
  await guest.expectTalk(['still to be seen', 'said in between']);
  await guest.expectLive();
});

test('the countdown follows the server’s clock, whatever the browser’s clock says, and is right at once after the page has slept', async ({
  newOwner,
  newPerson,
}) => {
  const owner = await newOwner();
  const page = await newPerson();
  await page.clock.install({ time: Date.now() + 3_600_000 });
  await page.goto(owner.link);
  const timer = page.getByRole('timer', { name: 'Time left' });
  const left = async () => secondsOf(await timer.innerText());
  const trueLeft = async () => {
    const { expiresAt, now } = await readRoom(owner.link);
    return Math.ceil((expiresAt - now) / 1_000);
  };
  const isOff = async (slept: number) => Math.abs((await left()) - ((await trueLeft()) - slept));
  await expect.poll(() => isOff(0)).toBeLessThanOrEqual(1);
  // A page that wakes asks the server, too, for which no time has passed. Its answer would set the countdown back.
  await page.route(/\/api\/room\?/, () => undefined);
  await page.clock.fastForward(300_000);
  await expect.poll(() => isOff(300)).toBeLessThanOrEqual(1);
});

test('the last minute is urgent: it looks different, and is announced to people who do not see it', async ({
  newOwner,
}) => {
  const calm = await newOwner({ minutes: '5 minutes' });
  const urgent = await newOwner({ minutes: '1 minute' });
  const colour = ({ countdown }: InsideScreen) => countdown.evaluate((element) => getComputedStyle(element).color);
  expect(await colour(urgent)).not.toBe(await colour(calm));
  await expect(urgent.timeAnnounced).toHaveText('One minute left.');
  await expect(calm.timeAnnounced).toHaveCount(0);
});

/** A guest whose page takes its time from the test, and an owner: both have come in. */
async function newSlowTalk(
  newOwner: () => Promise<InsideScreen>,
  newPerson: (options?: BrowserContextOptions) => Promise<Page>,
  options: BrowserContextOptions = {},
) {
  const owner = await newOwner();
  const page = await newPerson(options);
  await page.clock.install();
  await page.goto(owner.link);
  const guest = await new DoorScreen(page).join('Rowan');
  for (const inside of [owner, guest]) await inside.expectLive();
  await owner.say('soon to be gone');
  await guest.expectTalk(['soon to be gone']);
  return { owner, guest, ended: new EndedScreen(page) };
}

/** From now on no time passes for this page but what the test lets pass. */
async function stopTime({ page }: InsideScreen) {
  // A moment that has passed by the time the page hears of it is refused. That has stopped the clock, too, so the next one is ahead.
  await expect(async () => page.clock.pauseAt(await page.evaluate(() => Date.now() + 100))).toPass();
}

async function destroy(owner: InsideScreen) {
  await (await owner.askToDestroy()).confirm.click();
}

/** What the picture's animations change, and how long they take in all. */
const motionOf = ({ picture }: EndedScreen) =>
  picture.evaluate((element) => {
    const animations = element.getAnimations({ subtree: true });
    const properties = animations.flatMap(({ effect }) =>
      effect instanceof KeyframeEffect ? effect.getKeyframes().flatMap((frame) => Object.keys(frame)) : [],
    );
    const ends = animations.map(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0));
    return {
      changes: [...new Set(properties)].filter((name) => ['opacity', 'translate', 'filter'].includes(name)).sort(),
      lastsMs: Math.max(...ends),
    };
  });

test.describe('what was on the screen', () => {
  // A page that asks for something at the moment at which the room ends gets no other answer.
  test.use({ expectedErrors: [/404/] });

  test('lifts and dissolves for 700 ms while the page has ended already, and is gone with them', async ({
    newOwner,
    newPerson,
  }) => {
    const { owner, guest, ended } = await newSlowTalk(newOwner, newPerson);
    await stopTime(guest);
    await destroy(owner);
    await ended.expectDestroyed('2 people');
    await expect(ended.heading).toBeFocused();
    await expect(ended.picture).toContainText('soon to be gone');
    await expect(ended.picture).toHaveAttribute('inert');
    await expect(ended.picture).toHaveAttribute('aria-hidden', 'true');
    expect(await motionOf(ended)).toEqual({ changes: ['filter', 'opacity', 'translate'], lastsMs: 700 });
    await ended.page.clock.runFor(699);
    await expect(ended.picture).toHaveCount(1);
    await ended.page.clock.runFor(1);
    await ended.expectCleared(['soon to be gone']);
  });

  test('only fades where motion is unwanted', async ({ newOwner, newPerson }) => {
    const { owner, guest, ended } = await newSlowTalk(newOwner, newPerson, { reducedMotion: 'reduce' });
    await stopTime(guest);
    await destroy(owner);
    await expect(ended.picture).toContainText('soon to be gone');
    expect(await motionOf(ended)).toEqual({ changes: ['opacity'], lastsMs: 700 });
  });

  test('is not shown in a tab that nobody sees, nor kept in one that somebody leaves', async ({
    newOwner,
    newPerson,
  }) => {
    for (const isSeenAtFirst of [false, true]) {
      const { owner, guest, ended } = await newSlowTalk(newOwner, newPerson);
      await stopTime(guest);
      const hide = () =>
        ended.page.evaluate(() => {
          Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
          document.dispatchEvent(new Event('visibilitychange'));
        });
      if (!isSeenAtFirst) await hide();
      await destroy(owner);
      await ended.expectDestroyed();
      await expect(ended.picture).toHaveCount(isSeenAtFirst ? 1 : 0);
      if (isSeenAtFirst) await hide();
      await ended.expectCleared(['soon to be gone']);
    }
  });

  test('takes its dialogs along', async ({ newOwner, newPerson }) => {
    const { owner, guest, ended } = await newSlowTalk(newOwner, newPerson);
    await guest.invite.click();
    await expect(guest.dialog).toBeVisible();
    await stopTime(guest);
    await destroy(owner);
    await ended.expectDestroyed();
    await expect(ended.heading).toBeFocused();
    await expect(ended.picture.locator('dialog')).toHaveCount(0);
    await expect(ended.page.getByRole('dialog')).toHaveCount(0);
  });

  test('is not in the page’s memory after the motion, nor are the names and the key', async ({
    newOwner,
    newPerson,
  }) => {
    const owner = await newOwner();
    const { link } = owner;
    await owner.rename('Wilhelmina Quill');
    // Whatever a test looks for on a page is in that page’s memory by it: here only the owner’s page hears the words.
    const page = await newPerson();
    await page.goto(link);
    const guest = await new DoorScreen(page).join('Rowan');
    await guest.expectLive();
    await owner.say('the heron stands at the weir');
    // A message, whatever it says: notices have no source.
    await expect(guest.log.locator('[data-source]')).toHaveCount(1);
    await guest.composer.click();
    await guest.say('understood');
    await owner.expectTalk(['the heron stands at the weir', 'understood']);
    const secrets = {
      words: 'the heron stands at the weir',
      name: 'Wilhelmina Quill',
      key: new URL(link).hash.slice(1),
    } satisfies Secrets;
    const during = countTraces({ memory: await takeHeapSnapshot(page) }, secrets);
    for (const name of Object.keys(secrets)) {
      expect(
        Object.keys(during).some((trace) => trace.startsWith(name)),
        `${name} before the end`,
      ).toBe(true);
    }
    await destroy(owner);
    const ended = new EndedScreen(page);
    await ended.expectDestroyed('2 people');
    await ended.expectCleared([]);
    // The framework keeps the address that the page was opened with, in which the key of the room stands; nothing else has it.
    const opened = new URL(link).pathname + new URL(link).hash;
    const memory = (await takeHeapSnapshot(page)).toString().replaceAll(opened, '');
    expectNoTrace({ memory: Buffer.from(memory), document: Buffer.from(await page.content()) }, secrets);
  });
});

test.describe('the last minute', () => {
  test('is said once in the talk, at its place in time, and what was said before grows paler and stays readable', async ({
    newOwner,
    newPerson,
  }) => {
    const { guest } = await newSlowTalk(newOwner, newPerson);
    const { page } = guest;
    const notice = guest.log.getByText('One minute left');
    const colour = () => guest.message('soon to be gone').evaluate((element) => getComputedStyle(element).color);
    const secondsLeft = async () => secondsOf(await guest.countdown.innerText());
    const ink = await colour();
    await expect(notice).toHaveCount(0);
    // For the server no time passes, and its answers would set the clock back.
    await page.route(/\/api\/room\?/, () => undefined);
    await stopTime(guest);
    await page.clock.fastForward(((await secondsLeft()) - 60) * 1_000 + 900);
    await expect(notice).toHaveCount(1);
    await expect(guest.log.locator('[data-key]').last()).toContainText('One minute left');
    await page.clock.runFor(20_000);
    await expect.poll(colour).not.toBe(ink);
    const half = await colour();
    await page.clock.runFor(35_000);
    await expect.poll(colour).not.toBe(half);
    await expect(notice).toHaveCount(1);
    // The clock announces it, and the list of arrivals does not say it again.
    await expect(page.getByText('One minute left', { exact: false })).toHaveCount(1);
  });

  test('begins between what was said before it and after it, for whoever comes back as well', async ({
    newPerson,
    newGuest,
  }) => {
    const page = await newPerson();
    // Long enough for two people to meet before the last minute.
    await page.route('**/api/room', async (route) => {
      const body: unknown = route.request().postDataJSON();
      await route.continue({ postData: JSON.stringify({ ...Object(body), lifetimeSeconds: 80 }) });
    });
    const owner = await (await new FrontScreen(page).open()).makeRoom();
    await owner.say('said before');
    const guest = await (await newGuest(owner.link)).join('Rowan');
    await expect(guest.log).toContainText('One minute left', { timeout: 30_000 });
    await guest.say('said after');
    for (const inside of [owner, guest]) await inside.expectTalk(['said before', 'One minute left', 'said after']);
    await guest.page.reload();
    await guest.expectTalk(['said before', 'One minute left', 'said after']);
    const colourOf = (element: Locator) => element.evaluate((drawn) => getComputedStyle(drawn).color);
    const ink = await colourOf(guest.page.locator('html'));
    expect(await colourOf(guest.message('said before'))).not.toBe(ink);
    expect(await colourOf(guest.message('said after'))).toBe(ink);
  });
});
