import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that a change of colours alone can break. */
export const RULES_OF_COLOURS = ['color-contrast'];

/** Expects no violation of WCAG 2.2 AA, in light and in dark colours. `state` names what is on the screen. */
export async function expectAccessible(page: Page, state: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    // Colours on their way have a contrast that is visible only for a moment: what comes and goes for ever is looked at while it rests.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // A spinner turns for ever.
    await page.evaluate(() => {
      for (const animation of document.getAnimations())
        if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
    });
    // The other mode opens a tab of its own because of frames, of which we have none, and would hide the page under
    // test with it.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (
      colorScheme === 'light' ? axe.withTags(RULES) : axe.withRules(RULES_OF_COLOURS)
    ).analyze();
    const found = violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map(({ target }) => target.join(' ')),
    }));
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
