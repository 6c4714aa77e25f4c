import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { startBuiltServer, type BuiltServer } from '../../../scripts/built-server.mjs';
import { PageGuard } from './page-guard';

export { expect };

/** The settings of the server under test, as in .env.example. A file of specs asks for others with `test.use`. */
export type Settings = Record<string, string>;

interface WorkerFixtures {
  settings: Settings;
  /** The production build, for this worker alone: rooms, limits and restarts of other workers do not affect it. */
  server: BuiltServer;
}

interface TestFixtures {
  /**
   * Console errors that the test causes on purpose, such as the browser's own line about a 404. One pattern at most,
   * because Playwright takes a list of two objects for a value and its options.
   */
  expectedErrors: [] | [RegExp];
  /** Opens a page in a browser context of its own: another person, who shares no cookie or storage with the rest. */
  newPerson: (options?: BrowserContextOptions) => Promise<Page>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  settings: [{ RATE_LIMITS: 'off' }, { scope: 'worker', option: true }],

  server: [
    async ({ settings }, provide) => {
      const server = await startBuiltServer({ settings });
      await provide(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ server }, provide) => {
    await provide(server.url);
  },

  expectedErrors: [[], { option: true }],

  page: async ({ page, server, expectedErrors }, provide) => {
    const guard = new PageGuard(page, server.url, expectedErrors);
    await provide(page);
    guard.expectCalm();
  },

  newPerson: async ({ browser, server, expectedErrors, contextOptions, locale, timezoneId }, provide) => {
    const guards: PageGuard[] = [];
    const people: Awaited<ReturnType<Browser['newContext']>>[] = [];
    await provide(async (options = {}) => {
      const context = await browser.newContext({
        ...contextOptions,
        ...(locale !== undefined && { locale }),
        ...(timezoneId !== undefined && { timezoneId }),
        baseURL: server.url,
        ...options,
      });
      people.push(context);
      // Further tabs of the same person are watched like the first.
      context.on('page', (page) => guards.push(new PageGuard(page, server.url, expectedErrors)));
      return context.newPage();
    });
    for (const guard of guards) guard.expectCalm();
    for (const context of people) await context.close();
  },
});
