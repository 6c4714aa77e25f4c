import { expect } from '@playwright/test';
import { setHidden } from './attention';
import { InsideScreen } from './inside-screen';
import { Screen } from './screen';

/** What a guest sees before joining. */
export class DoorScreen extends Screen {
  readonly timeLeft = this.page.getByRole('timer', { name: 'Time left' });
  /** Who is here, how long it lasts, and who can read it. */
  readonly line = this.page.getByRole('main').locator('p').filter({ has: this.timeLeft });
  readonly name = this.page.getByRole('textbox', { name: 'Your name' });
  readonly joinButton = this.button(/^Join/);
  readonly failure = this.page.getByRole('main').getByRole('alert');
  /** Why nobody can join at this moment. */
  readonly closed = this.page.getByRole('main').getByRole('status');
  readonly lookAgain = this.button('Check again');
  readonly mark = this.page.getByRole('main').getByText('Mayfly', { exact: true });
  readonly what = this.page.locator('summary').filter({ hasText: 'What is this?' });
  /** What unfolds under it. */
  readonly explained = this.page.getByRole('main').locator('details ul');

  /** Waits until the room has been read. */
  async expectAtTheDoor(): Promise<void> {
    await expect(this.heading).toHaveText(/^(Someone invited you to a (private )?chat|Public chat: .+)$/);
    await expect(this.line).toBeVisible();
  }

  /** From now on the door does not look again by itself, as it does every ten seconds where somebody may see it. */
  async lookAway(): Promise<void> {
    await setHidden(this.page, true);
  }

  /** After `lookAway`: looks again by hand at a door that is open by now. */
  async checkAgain(): Promise<void> {
    await this.lookAgain.click();
    await expect(this.lookAgain).toHaveCount(0);
    await setHidden(this.page, false);
  }

  /** Joins under a name, the suggested one unless another is given. */
  async join(name?: string): Promise<InsideScreen> {
    if (name !== undefined) await this.name.fill(name);
    await this.joinButton.click();
    const inside = new InsideScreen(this.page);
    await inside.expectInside();
    return inside;
  }
}
