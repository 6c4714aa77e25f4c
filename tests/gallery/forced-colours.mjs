import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/needs.mjs';
import { Trouble } from '../../scripts/project.mjs';

const VIEWPORT = { width: 1_280, height: 740 };

/** Takes pictures of states under forced colours, one after the other, and keeps them. @param {string} url of the gallery */
export function createForcedColours(url) {
  /** @type {Map<string, Promise<Buffer>>} */
  let pictures = new Map();
  /** @type {Promise<import('@playwright/test').Page> | undefined} */
  let opening;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();

  async function openPage() {
    const executablePath = findChromium();
    if (executablePath === undefined)
      throw new Trouble('There is no Chromium, so there are no pictures of forced colours.');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.emulateMedia({ forcedColors: 'active' });
    return page;
  }

  /** @param {string} name */
  async function shoot(name) {
    opening ??= openPage();
    const page = await opening;
    await page.goto(`${url}/state.html?name=${encodeURIComponent(name)}`);
    await page.locator('html[data-shown], html[data-fault]').waitFor({ state: 'attached' });
    return page.screenshot();
  }

  return {
    /** @param {string} name @returns {Promise<Buffer>} */
    take: (name) => {
      const known = pictures.get(name);
      if (known !== undefined) return known;
      const picture = last.then(() => shoot(name));
      last = picture.catch((error) => console.error(error.message));
      pictures.set(name, picture);
      return picture;
    },
    forget: () => {
      pictures = new Map();
    },
    stop: async () => {
      const page = await opening?.catch(() => undefined);
      await page?.context().browser()?.close();
    },
  };
}
