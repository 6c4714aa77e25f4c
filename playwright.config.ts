import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/needs.mjs';

/**
 * The workers read this file too: what is found once is handed to them. None found is told when a
 * browser is launched; `npm run test:e2e` gets one before.
 */
const chromium = findChromium();
if (chromium) process.env.CHROMIUM_PATH = chromium;

export default defineConfig({
  testDir: './tests/e2e',
  outputDir: './test-results/files',
  // Each worker starts the production build for itself (tests/e2e/support/fixtures.ts): there is no server to share.
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  // A test that passes the second time has found something out, and is not to hide it.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: './test-results/report.json' }]],
  use: {
    // A trace of each test would cost a third of the time: ask for one with `npm run test:e2e -- --trace on`.
    trace: 'off',
    screenshot: 'only-on-failure',
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      args: [
        // Containers have no user namespaces to build the sandbox from; only our own pages are opened.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
