import { expect, type Locator } from '@playwright/test';
import { InsideScreen } from './inside-screen';
import { Screen } from './screen';

/** The front page. */
export class FrontScreen extends Screen {
  readonly make = this.button(/^Mak(e a|ing the) room/);
  /** A number of people that has no chip of its own. */
  readonly more = this.page.getByRole('radio', { name: 'More…' });
  readonly seats = this.page.getByRole('spinbutton', { name: 'Number of people, you included' });
  readonly lifetimes = this.page.getByRole('group', { name: 'How long should it last?' });
  readonly counts = this.page.getByRole('group', { name: 'How many people?' });
  /** The way back to the living room that this tab came from. */
  readonly behind = this.button(/^Go back to your room/);
  /** Why the visitor was brought back here. */
  readonly reason = this.page.getByRole('main').getByRole('status');
  readonly failure = this.page.getByRole('main').getByRole('alert');

  lifetime(minutes: string): Locator {
    return this.page.getByRole('radio', { name: minutes, exact: true });
  }

  people(count: string): Locator {
    return this.page.getByRole('radio', { name: count, exact: true });
  }

  theme(name: 'System' | 'Light' | 'Dark'): Locator {
    return this.page.getByRole('group', { name: 'Colours' }).getByTitle(name);
  }

  async open(): Promise<this> {
    await this.page.goto('/');
    await expect(this.heading).toBeVisible();
    return this;
  }

  /** Choices that are not given stay as they are. */
  async choose({ minutes, seats }: { minutes?: string; seats?: string }): Promise<void> {
    if (minutes !== undefined) await this.lifetime(minutes).check({ force: true });
    if (seats === undefined) return;
    await this.more.check({ force: true });
    await this.seats.fill(seats);
  }

  async makeRoom(): Promise<InsideScreen> {
    await this.make.click();
    const inside = new InsideScreen(this.page);
    await inside.expectInside();
    return inside;
  }
}
