import type { BrowserContextOptions } from '@playwright/test';
import { DoorScreen } from './door-screen';
import { test as base } from './fixtures';
import { FrontScreen } from './front-screen';
import type { InsideScreen } from './inside-screen';

export { expect } from './fixtures';

/** Two people in one room, each in a browser of their own. */
export interface Talk {
  /** Made the room; the name is a suggested one. */
  owner: InsideScreen;
  /** Joined as "Rowan". */
  guest: InsideScreen;
  link: string;
}

/** Three people in one room who hear each other. */
export interface Company {
  owner: InsideScreen;
  rowan: InsideScreen;
  ines: InsideScreen;
}

interface MakerOptions {
  minutes?: string;
  seats?: string;
  /** The settings of this person's browser. */
  browser?: BrowserContextOptions;
}

interface VisitFixtures {
  newFront: (browser?: BrowserContextOptions) => Promise<FrontScreen>;
  /** A new person who makes a room, and is in it. */
  newOwner: (options?: MakerOptions) => Promise<InsideScreen>;
  /** A new person who visits a link, and is at the door. */
  newGuest: (link: string, browser?: BrowserContextOptions) => Promise<DoorScreen>;
  newTalk: (options?: MakerOptions) => Promise<Talk>;
  /** `rowan`: the settings of Rowan’s browser. */
  newCompany: (browsers?: { rowan?: BrowserContextOptions }) => Promise<Company>;
}

export const test = base.extend<VisitFixtures>({
  newFront: async ({ newPerson }, provide) => {
    await provide(async (browser) => new FrontScreen(await newPerson(browser)).open());
  },

  newOwner: async ({ newFront }, provide) => {
    await provide(async ({ browser, ...choice } = {}) => {
      const front = await newFront(browser);
      if (Object.keys(choice).length > 0) await front.choose(choice);
      return front.makeRoom();
    });
  },

  newGuest: async ({ newPerson }, provide) => {
    await provide(async (link, browser) => {
      const door = new DoorScreen(await newPerson(browser));
      await door.page.goto(link);
      await door.expectAtTheDoor();
      return door;
    });
  },

  newTalk: async ({ newOwner, newGuest }, provide) => {
    await provide(async (options = {}) => {
      const owner = await newOwner(options);
      const { link } = owner;
      const door = await newGuest(link, options.browser);
      const guest = await door.join('Rowan');
      await owner.expectLive();
      await guest.expectLive();
      return { owner, guest, link };
    });
  },

  newCompany: async ({ newOwner, newGuest }, provide) => {
    await provide(async (browsers = {}) => {
      const owner = await newOwner();
      const rowan = await (await newGuest(owner.link, browsers.rowan)).join('Rowan');
      const ines = await (await newGuest(owner.link)).join('Inês');
      for (const screen of [owner, rowan, ines]) await screen.expectLive();
      return { owner, rowan, ines };
    });
  },
});
