import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/needs.mjs';

/**
 * The workers read this file, too, so the first process passes its browser on to them. If there is none, launching a
 * browser fails and says so; `npm run test:e2e` installs one beforehand.
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
  // A test that passes the second time has found something, and a retry would hide it.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: './test-results/report.json' }]],
  use: {
    // Tracing each test would take a third more time. Ask for a trace with `npm run test:e2e -- --trace on`.
    trace: 'off',
    screenshot: 'only-on-failure',
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      args: [
        // Containers have no user namespaces to build the sandbox from, and only our own pages are visited.
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
