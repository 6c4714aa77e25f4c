import { expect, type Locator } from '@playwright/test';
import { InsideScreen } from './inside-screen';
import { Screen } from './screen';

/** The front page. */
export class FrontScreen extends Screen {
  readonly make = this.button(/^Mak(e a|ing the) room/);
  readonly options = this.page.locator('summary').filter({ hasText: 'Options' });
  readonly seats = this.page.getByRole('spinbutton', { name: 'Seats, yours included' });
  /** Why the visitor was brought back here. */
  readonly reason = this.page.getByRole('main').getByRole('status');
  readonly failure = this.page.getByRole('main').getByRole('alert');

  lifetime(minutes: string): Locator {
    return this.page.getByRole('radio', { name: minutes, exact: true });
  }

  theme(name: 'System' | 'Light' | 'Dark'): Locator {
    return this.page.getByRole('group', { name: 'Colours' }).getByTitle(name);
  }

  async open(): Promise<this> {
    await this.page.goto('/');
    await expect(this.heading).toBeVisible();
    return this;
  }

  /** Unfolds the options and chooses. Options that are not given stay as they are. */
  async choose({ minutes, seats }: { minutes?: string; seats?: string }): Promise<void> {
    await this.options.click();
    if (minutes !== undefined) await this.lifetime(minutes).check({ force: true });
    if (seats !== undefined) await this.seats.fill(seats);
  }

  async makeRoom(): Promise<InsideScreen> {
    await this.make.click();
    const inside = new InsideScreen(this.page);
    await inside.expectInside();
    return inside;
  }
}
