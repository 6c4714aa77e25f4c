import type { Page } from '@playwright/test';

/** What differs from one visit to the next, and how it is written in a transcript. */
type Normalised = readonly (readonly [pattern: RegExp | string, name: string])[];

const TIMES: Normalised = [
  [/\b\d{1,2}:\d{2}:\d{2}(?:\s[AP]M)?/g, '<time>'],
  [/\b\d{1,2}:\d{2}(?:\s[AP]M)?/g, '<time>'],
  // Marks that isolate the direction of a name are not spoken.
  [/[\u2068\u2069]/g, ''],
];

/** What a screen reader would say of a page by itself: its title, what takes the focus, and what its live regions report. */
export class Spoken {
  #lines: string[] = [];

  /** Begins to listen; to be called before the page is visited. */
  static async to(page: Page): Promise<Spoken> {
    const spoken = new Spoken();
    await page.exposeFunction('speak', (line: string) => spoken.#lines.push(line));
    await page.addInitScript(listen);
    return spoken;
  }

  /** All lines so far; `names` replaces what is made by chance. */
  lines(names: Normalised = []): string[] {
    return this.#lines.map((line) =>
      [...TIMES, ...names].reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line),
    );
  }
}

declare global {
  interface Window {
    speak: (line: string) => Promise<unknown>;
  }
}

/** Runs in the page, before anything else. */
function listen(): void {
  const LIVE = '[aria-live], [role="status"], [role="alert"], [role="log"]';
  const ROLES: Readonly<Record<string, string>> = {
    a: 'link',
    button: 'button',
    dialog: 'dialog',
    h1: 'heading',
    h2: 'heading',
    textarea: 'text field',
    summary: 'disclosure',
  };

  const say = (line: string) => void window.speak(line);

  /** The text of a node as it is read: what is hidden is left out. */
  function textOf(node: Node): string {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
    if (!(node instanceof Element)) return '';
    if (node.getAttribute('aria-hidden') === 'true' || !node.checkVisibility()) return '';
    const label = node.getAttribute('aria-label');
    if (label !== null) return label;
    const isBlock = !getComputedStyle(node).display.startsWith('inline');
    const text = Array.from(node.childNodes, textOf).join('');
    return isBlock ? ` ${text} ` : text;
  }
  const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

  const referred = (element: Element, attribute: string) =>
    (element.getAttribute(attribute) ?? '')
      .split(' ')
      .map((id) => tidy(document.getElementById(id)?.textContent ?? ''))
      .filter((text) => text !== '')
      .join(' ');

  function describe(element: Element): string {
    const role =
      element.getAttribute('role') ??
      (element instanceof HTMLInputElement
        ? element.type === 'radio'
          ? 'radio button'
          : 'text field'
        : (ROLES[element.localName] ?? element.localName));
    const label = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null;
    const name =
      element.getAttribute('aria-label') ??
      (referred(element, 'aria-labelledby') || tidy(label?.[0]?.textContent ?? textOf(element)));
    const value = element instanceof HTMLInputElement && element.value !== '' ? `, “${element.value}”` : '';
    const description = referred(element, 'aria-describedby');
    return `${role} “${name}”${value}${description === '' ? '' : ` (${description})`}`;
  }

  const liveness = (region: Element) =>
    region.getAttribute('aria-live') ?? (region.getAttribute('role') === 'alert' ? 'assertive' : 'polite');
  const isAtomic = (region: Element) =>
    region.getAttribute('aria-atomic') === 'true' ||
    (!region.hasAttribute('aria-atomic') && /^(?:status|alert)$/.test(region.getAttribute('role') ?? ''));
  const isRelevant = (region: Element, change: 'additions' | 'text') =>
    (region.getAttribute('aria-relevant') ?? 'additions text').includes(change);

  function report(region: Element, texts: readonly string[]) {
    if (liveness(region) === 'off' || !region.checkVisibility() || region.closest('[aria-hidden="true"]') !== null)
      return;
    const text = tidy((isAtomic(region) ? [textOf(region)] : texts).join(' '));
    if (text !== '') say(`${liveness(region) === 'assertive' ? 'interrupts' : 'says'}: ${text}`);
  }

  function changed(mutations: readonly MutationRecord[]) {
    const texts = new Map<Element, string[]>();
    const add = (region: Element, text: string) => texts.set(region, [...(texts.get(region) ?? []), text]);
    for (const { type, target, addedNodes } of mutations) {
      const around = target instanceof Element ? target : target.parentElement;
      const region = around?.closest(LIVE) ?? null;
      if (type === 'characterData' && region !== null && isRelevant(region, 'text')) add(region, textOf(target));
      for (const node of addedNodes) {
        if (!node.isConnected) continue;
        if (region !== null && isRelevant(region, 'additions')) add(region, textOf(node));
        // Of regions that come with their text, only an alert is reported reliably.
        else if (node instanceof Element)
          for (const alert of [node, ...node.querySelectorAll('[role="alert"]')])
            if (alert.getAttribute('role') === 'alert') add(alert, textOf(alert));
      }
    }
    for (const [region, said] of texts) report(region, said);
  }

  const observe = (root: Node) =>
    new MutationObserver(changed).observe(root, { childList: true, characterData: true, subtree: true });
  observe(document);
  // The router announces a new page's title from a root of its own.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is called on its element.
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    observe(root);
    return root;
  };
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) say(`focus: ${describe(target)}`);
  });
  document.addEventListener('DOMContentLoaded', () => say(`page: ${document.title}`));
}
