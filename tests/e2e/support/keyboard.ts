import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any page has. */
const STOPS_MAX = 60;

/** Moves the focus with Tab alone until it is on the target, and expects it to be visible there. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await hasFocus(target)) {
      await expectFocusSeen(page);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Checks that a ring is drawn around the focused element, or around the frame that stands for it. */
export async function expectFocusSeen(page: Page): Promise<void> {
  const ring = await page.evaluate(() => {
    const around: Element[] = [];
    for (let element = document.activeElement; element !== null && around.length < 4; element = element.parentElement)
      around.push(element);
    return around.some((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    });
  });
  expect(ring, 'the focus can be seen').toBe(true);
}
