import type { Page } from '@playwright/test';

/** What a stub of the browser's notifications has noted. */
export interface Notified {
  title: string;
  options: NotificationOptions;
  isClosed: boolean;
}

interface Records {
  asked: number;
  notes: (Notified & { press: () => void })[];
  notesStarted: number;
  badges: (number | null)[];
}

declare global {
  interface Window {
    attentionRecords: Records;
  }
}

/** How the stubbed browser answers when it is asked for notifications; `lacking`: it has neither notifications nor sound. */
export type Answer = 'granted' | 'denied' | 'lacking';

/** Before the page is loaded: puts recorders in the place of what a browser has to be noticed with. */
export async function recordAttention(page: Page, answer: Answer): Promise<void> {
  await page.addInitScript((given) => {
    const records: Records = { asked: 0, notes: [], notesStarted: 0, badges: [] };
    window.attentionRecords = records;
    if (given === 'lacking') {
      for (const name of ['Notification', 'AudioContext', 'BroadcastChannel']) Reflect.deleteProperty(window, name);
      return;
    }
    class Recorder {
      static permission: NotificationPermission = 'default';
      static requestPermission() {
        records.asked += 1;
        Recorder.permission = given === 'granted' ? 'granted' : 'denied';
        return Promise.resolve(Recorder.permission);
      }
      onclick: (() => void) | null = null;
      private readonly note: Records['notes'][number];
      constructor(title: string, options: NotificationOptions) {
        this.note = { title, options, isClosed: false, press: () => this.onclick?.() };
        records.notes.push(this.note);
      }
      close() {
        this.note.isClosed = true;
      }
    }
    Object.defineProperty(window, 'Notification', { value: Recorder });
    // On a busy machine the device takes longer to begin than a sound may be late.
    Object.defineProperty(AudioContext.prototype, 'resume', { value: () => Promise.resolve() });
    const start: unknown = Reflect.get(OscillatorNode.prototype, 'start');
    if (typeof start !== 'function') throw new TypeError('this browser plays no notes');
    Reflect.set(
      OscillatorNode.prototype,
      'start',
      new Proxy(start, {
        apply: (play, note, when) => {
          records.notesStarted += 1;
          Reflect.apply(play, note, when);
        },
      }),
    );
    Object.defineProperty(navigator, 'setAppBadge', {
      value: (count: number) => {
        records.badges.push(count);
        return Promise.resolve();
      },
    });
    Object.defineProperty(navigator, 'clearAppBadge', {
      value: () => {
        records.badges.push(null);
        return Promise.resolve();
      },
    });
  }, answer);
}

/** How often the page has asked whether it may notify. */
export const timesAsked = (page: Page): Promise<number> => page.evaluate(() => window.attentionRecords.asked);

export const notified = (page: Page): Promise<Notified[]> =>
  page.evaluate(() =>
    window.attentionRecords.notes.map(({ title, options, isClosed }) => ({ title, options, isClosed })),
  );

/** How many notes were played; a tone has two. */
export const notesPlayed = (page: Page): Promise<number> => page.evaluate(() => window.attentionRecords.notesStarted);

/** The last number on the icon of an installed app; null: none. */
export const badgeOf = (page: Page): Promise<number | null> =>
  page.evaluate(() => window.attentionRecords.badges.at(-1) ?? null);

/** Says to the page that it is behind another tab, or in front again: a headless browser shows all of its tabs. */
export async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (hidden ? 'hidden' : 'visible'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

/** The addresses of the icons that the browser chooses from. */
export const iconsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => Array.from(document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]'), ({ href }) => href));
