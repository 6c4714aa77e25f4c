import { expect, type Locator } from '@playwright/test';
import type { DoorScreen } from './door-screen';
import { InsideScreen } from './inside-screen';

/** The door of a room whose owner lets each newcomer in, as somebody sees it who stands before it. */
export class AskingScreen {
  readonly ask: Locator;
  /** Waiting, or refused. */
  readonly standing: Locator;
  readonly stop: Locator;
  readonly askAgain: Locator;

  constructor(readonly door: DoorScreen) {
    this.ask = door.button('Ask to join');
    this.standing = door.closed;
    this.stop = door.button('Stop waiting');
    this.askAgain = door.button(/^Ask again/);
  }

  async askAs(name: string): Promise<void> {
    await this.door.name.fill(name);
    await this.ask.click();
    await expect(this.standing).toContainText('Waiting to be let in');
  }

  /** They come in by themselves. */
  async inside(): Promise<InsideScreen> {
    const inside = new InsideScreen(this.door.page);
    await inside.expectInside();
    return inside;
  }
}

/** What an owner sees of those at the door. */
export const atTheDoorOf = (screen: InsideScreen) => ({
  toast: screen.page
    .getByRole('main')
    .getByText(/is at the door$/)
    .and(screen.page.locator(':not(.sr-only)')),
  letIn: (name: string) => screen.page.getByRole('main').getByRole('button', { name: `Let in: ${name}` }),
  refuse: (name: string) => screen.page.getByRole('main').getByRole('button', { name: `Refuse: ${name}` }),
  list: screen.people.getByRole('region', { name: 'At the door' }),
  rows: screen.people.getByRole('region', { name: 'At the door' }).getByRole('listitem'),
});
