import { expect } from '@playwright/test';
import { Screen } from './screen';

/** A room's page after its person is out of the room. */
export class EndedScreen extends Screen {
  readonly draft = this.page.getByRole('textbox', { name: 'What you were writing' });
  readonly copyDraft = this.button(/^(Copy the text|Copied)$/);
  readonly joinAgain = this.button('Join again');
  /** After leaving. */
  readonly comeBack = this.button('Come back');
  readonly makeNew = this.button(/^Make a new room/);
  readonly home = this.page.getByRole('link', { name: 'To the front page' });

  /**
   * Checks that nothing of the room is left on the page, nor in its address except the key of a member who may come
   * back.
   */
  async expectCleared(words: readonly string[], { keyStays = false } = {}): Promise<void> {
    await expect(this.page.getByRole('log')).toHaveCount(0);
    const content = await this.page.content();
    for (const word of words) expect(content, 'what is left on the page').not.toContain(word);
    expect(new URL(this.page.url()).hash, 'the key in the address').toMatch(keyStays ? /^#.{43}$/ : /^$/);
  }
}
