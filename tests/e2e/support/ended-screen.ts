import { expect } from '@playwright/test';
import { Screen } from './screen';

/** A room's page after its person is out of the room. */
export class EndedScreen extends Screen {
  readonly draft = this.page.getByRole('textbox', { name: 'What you were writing' });
  readonly copyDraft = this.button(/^(Copy the text|Copied)$/);
  readonly joinAgain = this.button('Join again');
  /** After leaving. */
  readonly comeBack = this.button('Come back');
  readonly makeNew = this.button('Start a room');
  readonly home = this.page.getByRole('link', { name: 'Home' });
  /** What was on the screen, while it dissolves. */
  readonly picture = this.page.locator('.dissolving');

  /** Not of what dissolves. */
  override async expectAccessible(state: string): Promise<void> {
    await expect(this.picture).toHaveCount(0);
    await super.expectAccessible(state);
  }

  /** Checks that the page says in one line that the room is over for everybody. */
  async expectOver({ lasted = 'Less than a minute', people = /\d+ (person|people)/.source } = {}): Promise<void> {
    await expect(this.heading).toHaveText(new RegExp(`^It’s gone\\. ${lasted}, ${people}, nothing kept\\.$`));
  }

  /** The same of a room that was ended before its time. */
  async expectDestroyed(people?: string): Promise<void> {
    await this.expectOver(people === undefined ? {} : { people });
    await expect(this.page.getByRole('main')).toContainText('It was ended for everyone.');
  }

  /**
   * Checks that nothing of the room is left on the page, nor in its address except the key of a member who may come
   * back. What was on the screen may dissolve first.
   */
  async expectCleared(words: readonly string[], { keyStays = false } = {}): Promise<void> {
    await expect(this.page.getByRole('log')).toHaveCount(0);
    await expect(this.picture).toHaveCount(0);
    const content = await this.page.content();
    for (const word of words) expect(content, 'what is left on the page').not.toContain(word);
    expect(new URL(this.page.url()).hash, 'the key in the address').toMatch(keyStays ? /^#.{43}$/ : /^$/);
  }
}
