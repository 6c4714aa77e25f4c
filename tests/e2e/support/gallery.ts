import { test as base, expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { startGallery, type Gallery } from '../../gallery/site.mjs';
import { RULES, RULES_OF_COLOURS } from './accessibility';

export { expect };

export type Words = 'plain' | 'long' | 'mirrored';
export type Theme = 'light' | 'dark';
/** How the state that is shown can look, without being drawn again. */
export type Look = Theme | 'forced';

const LOOKS = {
  light: { theme: 'light', forcedColors: null },
  dark: { theme: 'dark', forcedColors: null },
  forced: { theme: 'light', forcedColors: 'active' },
} as const;

/** axe draws letters to see whether they are icons, and some drivers of the browser would rather have them drawn in another way. */
const AXES_OWN = /^Canvas2D: Multiple readback operations/;

/** The gallery in one page, which goes from state to state without being loaded again. */
export class GalleryPage {
  #faults: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.#faults.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      const isFault = message.type() === 'error' || message.type() === 'warning';
      if (isFault && !AXES_OWN.test(message.text())) this.#faults.push(`console: ${message.text()}`);
    });
  }

  /** Resolves once the state stands complete, its menu or dialog included. */
  async show(name: string, { theme = 'light', words = 'plain' }: { theme?: Theme; words?: Words } = {}) {
    const fault = await this.page.evaluate(
      (search) => window.showState(search),
      `?${new URLSearchParams({ name, theme, words }).toString()}`,
    );
    if (fault !== undefined) this.#faults.push(`${name} was not reached: ${fault}`);
  }

  /** Gives the state that is shown other colours. */
  async wear(look: Look) {
    const { theme, forcedColors } = LOOKS[look];
    await this.page.emulateMedia({ forcedColors });
    await this.page.evaluate((chosen) => {
      document.documentElement.dataset['theme'] = chosen;
    }, theme);
    await this.settle();
  }

  /** Gives the state that is shown another window. */
  async resize(viewport: { width: number; height: number }) {
    await this.page.setViewportSize(viewport);
    await this.settle();
  }

  /** What axe finds in the state that is shown; `colours` asks only for what a change of colours can break. */
  async violations({ colours = false } = {}): Promise<string[]> {
    let found = await this.look(colours);
    // The browser replaces the system's colours later than it reports the change: what it gets wrong meanwhile is not the page's.
    for (let again = 0; colours && found.length > 0 && again < 5; again += 1) {
      await this.page.waitForTimeout(200);
      found = await this.look(colours);
    }
    return found;
  }

  private async look(colours: boolean): Promise<string[]> {
    const found = await this.page.evaluate(
      async (options) => {
        const { axe: loaded } = window as unknown as { axe: typeof axe };
        return (await loaded.run(document, options)).violations.map(({ id, nodes }) => ({
          id,
          where: nodes.map(({ target }) => target.join(' ')),
        }));
      },
      {
        runOnly: colours
          ? { type: 'rule' as const, values: RULES_OF_COLOURS }
          : { type: 'tag' as const, values: RULES },
        ...(!colours && { rules: { 'target-size': { enabled: true } } }),
        resultTypes: ['violations' as const],
      },
    );
    return found.map(({ id, where }) => `${id} at ${where.join(', ')}`);
  }

  /** Resolves when a change has been drawn and nothing is in transition any more. */
  private async settle() {
    await this.page.evaluate(async () => {
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      for (const animation of document.getAnimations())
        if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
    });
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
      // What never stops moving would look different each time.
      const page = await browser.newPage({ timezoneId: 'UTC', locale: 'en-US', reducedMotion: 'reduce' });
      const gallery = new GalleryPage(page);
      await page.goto(`${site.url}/state.html`);
      await page.locator('html[data-names]').waitFor({ state: 'attached' });
      await page.evaluate(axe.source);
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
