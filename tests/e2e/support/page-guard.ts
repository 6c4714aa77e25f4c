import { expect, type Page } from '@playwright/test';

/**
 * Watches a page for faults that no test should have to look for: uncaught errors, errors on the console (including
 * violations of the content security policy), and requests to another origin.
 */
export class PageGuard {
  readonly #faults: string[] = [];

  constructor(page: Page, origin: string, expected: readonly RegExp[]) {
    const note = (fault: string) => {
      if (!expected.some((pattern) => pattern.test(fault))) this.#faults.push(fault);
    };
    page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('request', (request) => {
      const { origin: target, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && target !== origin) note(`another origin: ${request.url()}`);
    });
  }

  expectCalm() {
    expect(this.#faults, 'what the page should not have done').toEqual([]);
  }
}
