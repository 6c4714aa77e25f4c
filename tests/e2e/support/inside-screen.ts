import { expect, type Locator } from '@playwright/test';
import { PAGE_RETRY } from '@/client/line';
import { EndedScreen } from './ended-screen';
import { Screen } from './screen';

/** A room as its members see it. */
export class InsideScreen extends Screen {
  readonly header = this.page.getByRole('banner', { name: 'The room' });
  readonly countdown = this.header.getByRole('timer', { name: 'Time left' });
  /** The announcements of the time left, which are rare. */
  readonly timeAnnounced = this.header.getByText(/ left\.$/);
  /** The trouble of the line; without words while it is live. */
  readonly connection = this.header.getByRole('status');
  readonly invite = this.header.getByRole('button', { name: 'Invite' });
  /** In sight for whoever is alone in the room, and in the dialog of the invitation. */
  /** In an open dialog, else beside the messages of an empty room. */
  readonly copyLink = this.button(/^(Copy link|Copied)$/).first();
  readonly shareLink = this.button('Share link');
  readonly shownLink = this.page.getByRole('code');
  readonly qrCode = this.page.getByRole('img', { name: 'QR code of the link' });
  readonly peopleButton = this.header.getByRole('button', { name: /seats taken$/ });
  readonly sealButton = this.header.getByRole('button', {
    name: /^(End-to-end encrypted|Not encrypted|Public, not encrypted)$/,
  });
  readonly menuButton = this.button('Menu');
  readonly log = this.page.getByRole('log', { name: 'Messages' });
  readonly composer = this.page.getByRole('textbox', { name: 'Message', exact: true });
  readonly send = this.button('Send');
  /** Below the composer: the fault of the draft, or how much room is left for it. */
  readonly draftNote = this.page.locator('form').getByRole('status');
  /** Above the composer: what it replies to, or that it edits. */
  readonly replying = this.page.locator('form').getByText(/^Replying/);
  readonly editing = this.page.locator('form').getByText('Editing your message');
  readonly saveEdit = this.button('Save');
  /** The people that an @ in the composer may speak to. */
  readonly mentionList = this.page.getByRole('listbox', { name: 'People to mention' });
  readonly mentionOptions = this.mentionList.getByRole('option');
  /** Over the messages, for a reader who has scrolled away from what is for them. */
  readonly toast = this.button(/(mentioned you|replied to you|started a new room)/);
  readonly newMessages = this.button(/new messages?$|Jump to latest/);
  /** Above what came while the reader was away. */
  readonly newLine = this.log.getByRole('separator', { name: 'New messages' });
  /** The people, where the window is wide enough to show them beside the conversation. */
  readonly people = this.page.getByRole('complementary', { name: 'People' });
  readonly dialog = this.page.getByRole('dialog');

  get link(): string {
    return this.page.url();
  }

  async expectInside(): Promise<void> {
    await expect(this.composer).toBeVisible();
  }

  /** Waits until the stream is live: from now on no message is heard late. */
  async expectLive(): Promise<void> {
    await expect(this.connection).toHaveText('');
  }

  /** The same after a line was down: a page waits for a while before it tries again, longer each time. */
  async expectLiveAgain(): Promise<void> {
    await expect(this.connection).toHaveText('', { timeout: PAGE_RETRY.longestMs + 5_000 });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.composer).toHaveValue('');
  }

  /** What the browser keeps of what is being written, sealed. It is kept a moment after it was written: a page that goes at once leaves less. */
  keptDraft(): Promise<string> {
    return this.page.evaluate(() =>
      Object.entries(localStorage)
        .filter(([key]) => key.startsWith('mayfly:draft:'))
        .join(),
    );
  }

  /** Waits until the server has a message that was said here: from now on it can be edited. */
  async expectStored(text: string): Promise<void> {
    await expect(this.row(text)).toBeVisible();
    await expect(this.row(text).getByTitle('Sending…')).toHaveCount(0);
  }

  /** Nothing around the list can be scrolled, by a script or by going to a message: the talk would leave the screen. */
  async expectOnlyListScrolls(): Promise<void> {
    const hidden = await this.log.evaluate((log) => {
      let most = 0;
      for (let around = log.parentElement; around !== null; around = around.parentElement)
        most = Math.max(most, around.scrollHeight - around.clientHeight);
      return most;
    });
    expect(hidden, 'pixels that lie outside of what is around the list').toBeLessThanOrEqual(0);
  }

  message(text: string): Locator {
    // The name of who said it is made of words at random, and a short text may be a part of one. Nor does the time behind another
    // message count: at nine, "message 1" reads "message 19:05:00".
    return this.log.locator(':not(bdi[title], [data-bubble])').and(this.log.getByText(text));
  }

  /** Takes back what stands in the composer with the keyboard, and types this instead. */
  async type(text: string): Promise<void> {
    await this.composer.fill('');
    await this.composer.pressSequentially(text);
  }

  /** Checks that exactly these stand in the log, each once and in this order; none of them may be part of another. */
  async expectTalk(texts: readonly string[]): Promise<void> {
    const escaped = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    // Whole words: somebody may be called Newt.
    const said = new RegExp(`(?<!\\p{L})(?:${escaped.join('|')})(?!\\p{L})`, 'gu');
    await expect.poll(async () => (await this.log.innerText()).match(said)).toEqual(texts);
  }

  /**
   * Checks that the log reports what somebody did. Names in a sentence stand between marks that isolate their
   * direction.
   */
  async expectNotice(name: string, did: string): Promise<void> {
    await expect(this.log).toContainText(`\u2068${name}\u2069 ${did}`);
  }

  /** The row of a message, which the arrow keys lead to and its actions hang on. */
  row(text: string): Locator {
    return this.log.locator('[data-key][tabindex]').filter({ hasText: text }).last();
  }

  /** The bar at the message under the pointer. */
  action(name: 'React' | 'Reply' | 'More'): Locator {
    return this.log.getByRole('button', { name, exact: true });
  }

  choice(name: string): Locator {
    return this.page.getByRole('menu').getByRole('menuitem', { name, exact: true });
  }

  chip(text: string, emoji: string): Locator {
    return this.row(text).getByRole('button', { name: new RegExp(`^${emoji},`, 'u') });
  }

  /** A failed message with its notice and its three ways on. */
  failed(text: string) {
    const entry = this.log.getByRole('listitem').filter({ hasText: text });
    return {
      reason: entry.getByRole('alert'),
      again: entry.getByRole('button', { name: 'Send again' }),
      edit: entry.getByRole('button', { name: 'Edit' }),
      discard: entry.getByRole('button', { name: 'Discard' }),
    };
  }

  async openMenu(): Promise<void> {
    await this.menuButton.click();
    await expect(this.menuItem('Leave')).toBeVisible();
  }

  /** Found by the words that it begins with; its hint follows. */
  menuItem(name: string): Locator {
    return this.header.getByRole('button', { name: new RegExp(`^${name}`) });
  }

  /** One of the menu, which has to be open. */
  switch(name: 'Sound' | 'Sound when it’s for you' | 'Notify me' | 'Show who wrote'): Locator {
    return this.header.getByRole('switch', { name, exact: true });
  }

  async leave(): Promise<EndedScreen> {
    await this.openMenu();
    // The owner is asked first, which the dots say.
    const asks = (await this.menuItem('Leave…').count()) > 0;
    await this.menuItem('Leave').click();
    if (asks) await this.dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    const ended = new EndedScreen(this.page);
    await expect(ended.heading).toHaveText('You left the room');
    return ended;
  }

  /** Asks to end the room for everyone, up to the question whether one is sure. */
  async askToDestroy(): Promise<{ confirm: Locator; cancel: Locator }> {
    await this.openMenu();
    await this.menuItem('End room for everyone').click();
    await expect(this.dialog).toBeVisible();
    return {
      confirm: this.dialog.getByRole('button', { name: 'End room' }),
      cancel: this.dialog.getByRole('button', { name: 'Cancel' }),
    };
  }

  /** The owner's sheet of options. */
  async openOptions(): Promise<Locator> {
    await this.openMenu();
    await this.menuItem('Room options').click();
    await expect(this.dialog.getByRole('heading', { name: 'Room options' })).toBeVisible();
    return this.dialog;
  }

  async setLocked(locked: boolean): Promise<void> {
    await this.openMenu();
    await this.menuItem(locked ? 'Lock the room' : 'Unlock the room').click();
    await expect(this.header.getByText('Locked')).toHaveCount(locked ? 1 : 0);
  }

  /** Asks to remove a member, up to the question how. */
  async askToRemove(name: string): Promise<void> {
    await this.people.getByRole('button', { name: `Remove \u2068${name}\u2069` }).click();
    await expect(this.dialog.getByRole('heading')).toContainText(name);
  }

  /** Removes a member in a room that gets a new key by it. */
  async remove(name: string): Promise<void> {
    await this.askToRemove(name);
    await this.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(this.person(name)).toHaveCount(0);
  }

  async renewLink(): Promise<void> {
    const before = this.link;
    await this.openMenu();
    await this.menuItem('New link').click();
    await this.dialog.getByRole('button', { name: 'Make a new link' }).click();
    await this.expectNewLink(before);
  }

  /** The address bar leaves the old link by itself. */
  async expectNewLink(before: string): Promise<void> {
    await expect.poll(() => this.link).not.toBe(before);
    expect(new URL(this.link).hash).toMatch(/^#[\w-]{43}$/);
  }

  /** The six words of the room. */
  async readPhrase(): Promise<string[]> {
    await this.sealButton.click();
    return this.readWords();
  }

  /** The six words of a person in the list. */
  async readMark(name: string): Promise<string[]> {
    await this.details(name).click();
    return this.readWords();
  }

  details(name: string): Locator {
    return this.person(name).getByRole('button', { name: new RegExp(`^${name}`) });
  }

  private async readWords(): Promise<string[]> {
    const words = this.dialog.getByRole('listitem');
    await expect(words).toHaveCount(6);
    const read = await words.allInnerTexts();
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toHaveCount(0);
    return read;
  }

  /** Changes the member's own name in the list of people. */
  async rename(name: string): Promise<void> {
    await this.people.getByRole('button', { name: 'Change your name' }).click();
    await this.people.getByRole('textbox', { name: 'Your name' }).fill(name);
    await this.people.getByRole('button', { name: 'Save' }).click();
    await expect(this.person(name)).toBeVisible();
  }

  person(name: string): Locator {
    return this.people.getByRole('listitem').filter({ hasText: name });
  }
}
