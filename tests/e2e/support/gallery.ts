import { test as base, expect, type Page } from '@playwright/test';
import { startGallery, type Gallery } from '../../gallery/site.mjs';

export { expect };

export type Words = 'plain' | 'long' | 'mirrored';
export type Theme = 'light' | 'dark';

/** The gallery in one page, which goes from state to state without being loaded again. */
export class GalleryPage {
  #faults: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.#faults.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#faults.push(`console: ${message.text()}`);
    });
  }

  /** Resolves once the state stands complete, its menu or dialog included. */
  async show(name: string, { theme = 'light', words = 'plain' }: { theme?: Theme; words?: Words } = {}) {
    const search = `?${new URLSearchParams({ name, theme, words }).toString()}`;
    const fault = await this.page.evaluate(async (asked) => {
      const { dataset } = document.documentElement;
      dispatchEvent(new CustomEvent('gallery:show', { detail: asked }));
      while (dataset['shown'] !== asked && dataset['fault'] === undefined) {
        await new Promise(requestAnimationFrame);
      }
      return dataset['fault'];
    }, search);
    if (fault !== undefined) this.#faults.push(`${name} was not reached: ${fault}`);
  }

  /** Expects no fault since it was asked last. */
  expectCalm() {
    const faults = this.#faults;
    this.#faults = [];
    expect(faults, 'what the page should not have done').toEqual([]);
  }
}

interface WorkerFixtures {
  site: Gallery;
  gallery: GalleryPage;
  /** The whole names of all states: `door/locked`. */
  names: readonly string[];
}

export const test = base.extend<object, WorkerFixtures>({
  site: [
    async ({}, provide) => {
      const site = await startGallery();
      await provide(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],

  gallery: [
    async ({ browser, site }, provide) => {
      const page = await browser.newPage({ timezoneId: 'UTC', locale: 'en-US' });
      const gallery = new GalleryPage(page);
      await page.goto(`${site.url}/state.html?name=loading/room`);
      await provide(gallery);
      await page.close();
    },
    { scope: 'worker' },
  ],

  names: [
    async ({ gallery }, provide) => {
      await provide(await gallery.page.evaluate(() => document.documentElement.dataset['names']?.split('\n') ?? []));
    },
    { scope: 'worker' },
  ],
});
