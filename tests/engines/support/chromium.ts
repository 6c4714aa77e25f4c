import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { findChromium } from '../../../scripts/needs.mjs';
import { SCREEN, type Browser, type Engine, type Tab, type Target, type Windows } from './driver';
import { createProfile } from './profile';

/**
 * How long Playwright looks for an element. The page objects repeat what fails, so no press may be given up that a busy machine is
 * still on its way with: it would be done twice.
 */
const LOOK_MS = 10_000;

export const chromiumEngine: Engine = {
  name: 'Chromium',
  userAgent: /Chrome\//,
  hasOrdinaryWindows: true,
  isInstalled: () => findChromium() !== undefined,
  start,
};

async function start(windows: Windows): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is not installed.');
  // Containers have no user namespaces to build the sandbox from, and only our own pages are visited.
  const options = { executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] };
  if (windows === 'private') {
    const browser = await chromium.launch(options);
    // Such a context is what Chromium calls incognito: it keeps everything in memory.
    const context = await browser.newContext({ viewport: SCREEN });
    await context.newPage();
    return browserOf(context, browser.version(), () => browser.close());
  }
  const profile = await createProfile();
  const context = await chromium
    .launchPersistentContext(profile.folder, { ...options, viewport: SCREEN })
    .catch(async (error: unknown) => {
      await profile.remove();
      throw error;
    });
  return browserOf(context, context.browser()?.version() ?? '', async () => {
    await context.close();
    await profile.remove();
  });
}

const browserOf = (context: BrowserContext, version: string, stop: () => Promise<void>): Browser => ({
  version: `Chromium ${version}`,
  newTab: async () => tabOf(await context.newPage()),
  // The first one was there from the start.
  closeTabs: async () => {
    for (const page of context.pages().slice(1)) await page.close();
  },
  stop,
});

function tabOf(page: Page): Tab {
  page.setDefaultTimeout(LOOK_MS);
  page.setDefaultNavigationTimeout(0);
  const find = ({ role, name }: Target) => page.getByRole(role, { name, exact: true }).first();
  return {
    open: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    url: () => Promise.resolve(page.url()),
    read: async (target) => ((await find(target).count()) === 0 ? undefined : find(target).innerText()),
    click: (target) => find(target).click(),
    fill: (target, text) => find(target).fill(text),
    evaluate: (work, argument) => page.evaluate(`(${work.toString()})(${JSON.stringify(argument)})`),
    newTab: async () => tabOf(await page.context().newPage()),
    close: () => page.close(),
  };
}
