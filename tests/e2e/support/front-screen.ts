import { expect, type Locator } from '@playwright/test';
import { InsideScreen } from './inside-screen';
import { Screen } from './screen';

/** The front page. */
export class FrontScreen extends Screen {
  readonly make = this.button(/^Mak(e a|ing the) (public )?room/);
  readonly kinds = this.page.getByRole('group', { name: 'Who is it for?' });
  readonly topic = this.page.getByRole('textbox', { name: 'Topic' });
  readonly language = this.page.getByRole('combobox', { name: 'Language' });
  /** The rooms that anybody may join, where the site has any. */
  readonly lobby = this.page.getByRole('region', { name: 'Public rooms' });
  readonly publicRooms = this.lobby.getByRole('link');
  readonly footer = this.page.getByRole('contentinfo');
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

  kind(name: 'Just two of us' | 'A group' | 'Public'): Locator {
    return this.kinds.getByRole('radio', { name, exact: true });
  }

  /** A public room, by the topic that it begins with. */
  publicRoom(topic: string): Locator {
    return this.publicRooms.filter({ hasText: topic });
  }

  async makePublicRoom(topic: string): Promise<InsideScreen> {
    await this.kind('Public').check({ force: true });
    await this.topic.fill(topic);
    return this.makeRoom();
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
