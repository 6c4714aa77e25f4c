import puppeteer, { type ElementHandle, type Page } from 'puppeteer-core';
import { findFirefox } from '../../../scripts/needs.mjs';
import { SCREEN, type Browser, type Engine, type Tab, type Target, type Windows } from './driver';
import { createProfile } from './profile';

const START_MS = 120_000;
/** A machine that is busy with three browsers answers late. */
const ANSWER_MS = 60_000;

export const firefoxEngine: Engine = {
  name: 'Firefox',
  userAgent: / Firefox\//,
  hasOrdinaryWindows: true,
  isInstalled: () => findFirefox() !== undefined,
  start,
};

async function start(windows: Windows): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('Firefox is not installed.');
  const profile = await createProfile();
  const browser = await puppeteer
    .launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      userDataDir: profile.folder,
      defaultViewport: SCREEN,
      timeout: START_MS,
      protocolTimeout: ANSWER_MS,
      // Every window is then a private one.
      extraPrefsFirefox: { 'browser.privatebrowsing.autostart': windows === 'private' },
    })
    .catch(async (error: unknown) => {
      await profile.remove();
      throw error;
    });
  return {
    version: (await browser.version()).replace('firefox/', 'Firefox '),
    newTab: async () => tabOf(await browser.newPage()),
    // Firefox ends with its last tab, so the one that was there from the start stays.
    closeTabs: async () => {
      for (const page of (await browser.pages()).slice(1)) await page.close();
    },
    stop: async () => {
      await browser.close();
      await profile.remove();
    },
  };
}

function tabOf(page: Page): Tab {
  const find = ({ role, name }: Target) => page.$(`::-p-aria([name="${name}"][role="${role}"])`);
  const onElement = async (target: Target, act: (element: ElementHandle) => Promise<void>) => {
    const element = await find(target);
    if (element === null) throw new Error(`There is no ${target.role} "${target.name}".`);
    await act(element);
    await element.dispose();
  };
  return {
    open: async (url) => {
      await page.goto(url, { timeout: 0 });
    },
    reload: async () => {
      await page.reload({ timeout: 0 });
    },
    url: () => Promise.resolve(page.url()),
    read: async (target) => {
      const element = await find(target);
      return element === null ? undefined : element.evaluate((found) => (found as HTMLElement).innerText);
    },
    click: (target) => onElement(target, (element) => element.click()),
    fill: (target, text) =>
      onElement(target, async (element) => {
        await element.evaluate((field) => (field as HTMLInputElement).select());
        await element.type(text);
      }),
    evaluate: (work, argument) => page.evaluate(`(${work.toString()})(${JSON.stringify(argument)})`) as never,
    newTab: async () => tabOf(await page.browserContext().newPage()),
    close: () => page.close(),
  };
}
