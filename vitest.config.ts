import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      '@': here('./src'),
      '@tests': here('./tests'),
      // Next resolves this package by itself. Under vitest there is no client bundle to keep code out of.
      'server-only': here('./tests/support/server-only.ts'),
    },
  },
  test: {
    // By itself, the runner leaves one core unused, and of two that is half.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // Property tests and a thousand pages in virtual time keep a busy machine at work for longer than five seconds.
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/unit/setup.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'attack',
          include: ['tests/attack/**/*.test.ts'],
          globalSetup: ['tests/attack/support/collect-report.ts'],
          // One file at a time, because the load of one attack would disturb the figures of another.
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          include: ['tests/engines/**/*.test.ts'],
          // One file at a time, because three browsers are as much as a small machine can run.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
