import { expect, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './accessibility';

/**
 * The base of every page object. A screen names what a person sees and does there, and finds it by role and label as a
 * person does; specs never contain a selector.
 */
export abstract class Screen {
  constructor(readonly page: Page) {}

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async expectAccessible(state: string) {
    await expectAccessible(this.page, state);
  }

  /** Nothing may need sideways scrolling, at the page's present width. */
  async expectFitsWidth() {
    const overflow = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, 'pixels beyond the width of the page').toBeLessThanOrEqual(0);
  }
}
