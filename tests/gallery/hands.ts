import type { Translator } from './words';

/** How long an element that a hand looks for may take to appear. */
const PATIENCE_MS = 5_000;

/** A little longer than a page waits for a finger that stays. */
const HELD_MS = 450;

/** What a state may do once it stands, to get to what only a press shows. */
export interface Hands {
  /** The words of the page, by which things are found. */
  readonly t: Translator;
  /** Presses the button or link of this accessible name. */
  readonly press: (name: string) => Promise<void>;
  /** Presses what begins with this text, where a name has a hint after it. */
  readonly pressIn: (around: string, start: string) => Promise<void>;
  /** Puts a text into the field of this label. */
  readonly fill: (label: string, text: string) => Promise<void>;
  /** Waits until this text is on the screen. */
  readonly see: (text: string) => Promise<void>;
  /** Rests the pointer on a message, by its place among the lines of the talk. */
  readonly aimAt: (place: number) => Promise<void>;
  /** Keeps a finger on it. */
  readonly hold: (place: number) => Promise<void>;
  /** Scrolls the list of messages; 0 is its start. */
  readonly scrollTo: (top: number) => Promise<void>;
}

export function createHands(t: Translator, gone: AbortSignal): Hands {
  const find = (selector: string, what: string, isMeant: (element: HTMLElement) => boolean) =>
    findWhenThere(selector, what, isMeant, gone);
  const messageAt = (place: number) =>
    find(`[data-key$="-${String(place).padStart(8, '0')}"]`, `message ${place}`, () => true);
  return {
    t,
    press: async (name) =>
      (await find('button, a, summary, label', name, (element) => nameOf(element) === name)).click(),
    pressIn: async (around, start) =>
      (
        await find(`:is(${around}) :is(button, a, label)`, start, (element) => nameOf(element).startsWith(start))
      ).click(),
    fill: async (label, text) => {
      const field = await find('input, textarea', label, (element) => labelOf(element) === label);
      // React overrides the setter of the element itself to notice changes that it made.
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    see: async (text) => {
      await find('*', text, (element) => ownText(element).includes(text));
    },
    aimAt: async (place) => {
      const message = await messageAt(place);
      // Its actions come when the browser is idle, and hear of nothing before that.
      for (;;) {
        gone.throwIfAborted();
        message.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));
        await new Promise(requestAnimationFrame);
        if (message.querySelector('[role="group"]') !== null) return;
      }
    },
    hold: async (place) => {
      const message = await messageAt(place);
      for (;;) {
        gone.throwIfAborted();
        message.dispatchEvent(
          new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch', isPrimary: true, clientX: 99 }),
        );
        await new Promise((resolve) => setTimeout(resolve, HELD_MS));
        if (document.querySelector('dialog[open]') !== null) return;
      }
    },
    scrollTo: async (top) => {
      const log = await find('[role="log"]', 'the messages', () => true);
      const scrolled = new Promise((resolve) => log.addEventListener('scroll', resolve, { once: true }));
      log.scrollTop = top;
      await scrolled;
    },
  };
}

/** The text of an element without what only decorates it, such as initials. */
function shownIn(element: Element): string {
  const read = element.cloneNode(true);
  if (read instanceof Element) for (const hidden of read.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
  return read.textContent?.trim() ?? '';
}
const ownText = (element: Element) =>
  Array.from(element.childNodes, (node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : '')).join('');
const nameOf = (element: Element) => element.getAttribute('aria-label') ?? shownIn(element);

function labelOf(element: Element): string | null {
  const label = Array.from(document.querySelectorAll('label')).find(({ control }) => control === element);
  return element.getAttribute('aria-label') ?? (label === undefined ? null : shownIn(label));
}

/** The first element in sight that is meant, as soon as there is one. */
async function findWhenThere(
  selector: string,
  what: string,
  isMeant: (element: HTMLElement) => boolean,
  gone: AbortSignal,
) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    gone.throwIfAborted();
    const found = Array.from(document.querySelectorAll<HTMLElement>(selector)).find(
      (element) => element.checkVisibility() && isMeant(element),
    );
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Not on the screen: ${what}`);
    await new Promise(requestAnimationFrame);
  }
}
