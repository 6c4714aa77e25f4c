import { createTranslator } from 'next-intl';
import { expect, vi } from 'vitest';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import type { Tab, Target } from './driver';

/** How long a step may take on a slow machine. Nothing waits that long unless it fails. */
const PATIENCE = { timeout: 60_000, interval: 200 } as const;

/** No room of these tests lasts longer. */
const MINUTES_MAX = 10;

const t = createTranslator({ locale: LOCALE, messages });

const LOG: Target = { role: 'log', name: t('transcript.label') };
const COMPOSER: Target = { role: 'textbox', name: t('composer.label') };
const PEOPLE: Target = { role: 'complementary', name: t('people.heading') };
const HEADER: Target = { role: 'banner', name: t('room.header') };
/** A live line has no word. */
const LINE_TROUBLES = ['connection.connecting', 'connection.reconnecting', 'connection.offline'] as const;
const button = (name: string): Target => ({ role: 'button', name });
/** Names inside a sentence stand between marks that isolate their direction, which Firefox leaves out of a visible text. */
const isolated = (name: string) => `\u2068${name}\u2069`;
const ISOLATES = /[\u2068\u2069]/g;

/** Repeats something until it does not throw. */
export const until = <Result>(work: () => Result | Promise<Result>) => vi.waitFor(work, PATIENCE);

/** A room as one person sees it in one tab, from the front page or the door to its end. */
export class RoomPage {
  constructor(readonly tab: Tab) {}

  /** Makes a room from the front page and returns its link. */
  async makeRoom(origin: string): Promise<string> {
    await this.tab.open(origin);
    await this.#click(button(t('front.make')));
    await this.expectLive();
    return this.tab.url();
  }

  async join(link: string, name: string): Promise<void> {
    await this.tab.open(link);
    await this.#fill({ role: 'textbox', name: t('door.name') }, name);
    await this.#click(button(t('door.join')));
    await this.expectLive();
  }

  /** Opens the room in another tab of the same browser. */
  async openSecondTab(link: string): Promise<RoomPage> {
    const second = new RoomPage(await this.tab.newTab());
    await second.tab.open(link);
    await second.expectLive();
    return second;
  }

  async reload(): Promise<void> {
    await this.tab.reload();
    await this.expectLive();
  }

  /** Waits until the stream is live: from now on no message is heard late. */
  async expectLive(): Promise<void> {
    await until(async () => {
      const header = await this.tab.read(HEADER);
      expect(header).toContain(t('room.sealed'));
      for (const trouble of LINE_TROUBLES) expect(header).not.toContain(t(trouble));
    });
  }

  async say(text: string): Promise<void> {
    await this.#fill(COMPOSER, text);
    await this.#click(button(t('composer.send')));
    await this.#expectText(LOG, text);
  }

  /** Checks that these stand in the log, each once and in this order; none of them may be part of another. */
  async expectTalk(texts: readonly string[]): Promise<void> {
    const said = new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
    await until(async () => expect((await this.tab.read(LOG))?.match(said)).toEqual(texts));
  }

  async expectPeople(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#expectText(PEOPLE, name);
  }

  /** As the owner. */
  async remove(name: string): Promise<void> {
    await this.#click(button(t('people.removeLabel', { name: isolated(name) })));
    await this.#click(button(t('people.removeConfirm')));
    await this.#expectText(LOG, t('transcript.removed', { name }));
  }

  /** As the owner. */
  async destroyRoom(): Promise<void> {
    await this.#click(button(t('room.menu')));
    await this.#click(button(t('room.destroy')));
    await this.#click(button(t('room.destroyConfirm')));
  }

  /** Checks that the page says that this person was removed, and that the link lost its key. */
  async expectRemoved(): Promise<void> {
    const heading = t('ended.removedHeading');
    await this.#expectText({ role: 'heading', name: heading }, heading);
    await this.#expectCleared();
  }

  /** Checks that the page says that the room is over for everybody, however long it lived, and that the link lost its key. */
  async expectOver(peopleMax: number): Promise<void> {
    const lines = Array.from({ length: MINUTES_MAX + 1 }, (_, minutes) =>
      Array.from({ length: peopleMax }, (_one, others) => t('ended.over', { minutes, people: others + 1 })),
    ).flat();
    await until(async () => {
      const read = await Promise.all(lines.map((name) => this.tab.read({ role: 'heading', name })));
      expect(
        read.some((line) => line !== undefined),
        'over, for all who were there',
      ).toBe(true);
    });
    await this.#expectCleared();
  }

  async #expectCleared(): Promise<void> {
    // The picture of the talk may dissolve first.
    await until(async () => expect(await this.tab.read(LOG), 'what is left of the talk').toBeUndefined());
    expect(await this.tab.url(), 'the address without its key').not.toContain('#');
  }

  /** Checks that the page says that its link was replaced, and asks for no name. */
  async expectReplaced(): Promise<void> {
    const heading = t('trouble.keyReplacedHeading');
    await this.#expectText({ role: 'heading', name: heading }, heading);
    expect(await this.tab.read({ role: 'textbox', name: t('door.name') })).toBeUndefined();
  }

  async #click(target: Target): Promise<void> {
    await until(() => this.tab.click(target));
  }

  async #fill(target: Target, text: string): Promise<void> {
    await until(() => this.tab.fill(target, text));
  }

  async #expectText(target: Target, text: string): Promise<void> {
    await until(async () =>
      expect((await this.tab.read(target))?.replace(ISOLATES, ''), `${target.role} "${target.name}"`).toContain(text),
    );
  }
}
