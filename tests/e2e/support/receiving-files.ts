import { readFile } from 'node:fs/promises';
import { expect, type Locator } from '@playwright/test';
import { Screen } from './screen';

/** Files of a talk as their readers have them. */
export class ReceivingFiles extends Screen {
  readonly log = this.page.getByRole('log', { name: 'Messages' });
  readonly viewer = this.page.getByRole('dialog', { name: 'Pictures' });
  /** The picture of the viewer; `whole` once it is there as it was sent. */
  readonly shown = this.viewer.getByRole('img');
  readonly whole = this.viewer.locator('img[src^="blob:"]');

  /** A picture among the messages, by what is said of it or by its name. */
  picture(name: string): Locator {
    return this.log.getByRole('button', { name: `Show \u2068${name}\u2069`, exact: true });
  }

  /** The message of a file that is shown as a card. */
  card(text: string): Locator {
    return this.log.locator('[data-key][tabindex]').filter({ hasText: text });
  }

  load(card: Locator): Locator {
    return card.getByRole('button', { name: /^Download/ });
  }

  save(card: Locator): Locator {
    return card.getByRole('button', { name: /^Save/ });
  }

  /** Loads what a card stands for and saves it; resolves with its name and bytes. */
  async have(card: Locator): Promise<{ name: string; bytes: Buffer }> {
    await this.load(card).click();
    await expect(this.save(card)).toBeVisible();
    const saved = this.page.waitForEvent('download');
    await this.save(card).click();
    const download = await saved;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** From now on lists the types of the addresses that lead to a file, oldest first. */
  async followAddresses(): Promise<() => Promise<string[]>> {
    await this.page.evaluate(() => {
      const living = new Map<string, string>();
      const note = () => (document.documentElement.dataset['addresses'] = JSON.stringify([...living.values()]));
      const create = URL.createObjectURL.bind(URL);
      const revoke = URL.revokeObjectURL.bind(URL);
      URL.createObjectURL = (of) => {
        const url = create(of);
        living.set(url, of instanceof Blob ? of.type : 'no file');
        note();
        return url;
      };
      URL.revokeObjectURL = (url) => {
        revoke(url);
        living.delete(url);
        note();
      };
    });
    return () =>
      this.page.evaluate(() => JSON.parse(document.documentElement.dataset['addresses'] ?? '[]') as string[]);
  }
}
