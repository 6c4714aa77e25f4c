import { expect } from '@playwright/test';
import { Screen } from './screen';

/** What is left of a room's page when one is out of the room. */
export class EndedScreen extends Screen {
  readonly draft = this.page.getByRole('textbox', { name: 'What you were writing' });
  readonly copyDraft = this.button(/^(Copy the text|Copied)$/);
  readonly joinAgain = this.button('Join again');
  readonly makeNew = this.button(/^Make a new room/);
  readonly home = this.page.getByRole('link', { name: 'To the front page' });

  /** That nothing of the room is left on the page, nor in its address but for the key of one who may come back. */
  async expectCleared(words: readonly string[], { keyStays = false } = {}): Promise<void> {
    await expect(this.page.getByRole('log')).toHaveCount(0);
    const content = await this.page.content();
    for (const word of words) expect(content, 'what is left on the page').not.toContain(word);
    expect(new URL(this.page.url()).hash, 'the key in the address').toMatch(keyStays ? /^#.{43}$/ : /^$/);
  }
}
