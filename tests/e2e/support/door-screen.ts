import { expect } from '@playwright/test';
import { InsideScreen } from './inside-screen';
import { Screen } from './screen';

/** What a guest sees before joining. */
export class DoorScreen extends Screen {
  readonly timeLeft = this.page.getByRole('timer', { name: 'Time left' });
  readonly facts = this.page.getByRole('main').locator('dl');
  readonly name = this.page.getByRole('textbox', { name: 'Your name in the room' });
  readonly joinButton = this.button(/^Join/);
  readonly failure = this.page.getByRole('main').getByRole('alert');
  /** Why nobody can join at this moment. */
  readonly closed = this.page.getByRole('main').getByRole('status');
  readonly lookAgain = this.button('Look again');

  async expectAtTheDoor(): Promise<void> {
    await expect(this.heading).toHaveText('You are invited to a room');
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
