import type { Page } from '@playwright/test';

/** What a screen should not do, found by measuring it. Empty when all is well. */
export function findUntidiness(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** The smallest side of a target in CSS pixels, or of the free circle around its middle: WCAG 2.5.8. */
    const TARGET_MIN = 24;
    /** Boxes at fractions of a pixel are rounded. */
    const SLACK = 1.5;
    const CONTROLS =
      'a[href], button, input:not([type="radio"], [type="checkbox"]), textarea, select, summary, label:has(input)';
    const faults: string[] = [];

    const named = (element: Element) =>
      `${element.localName} “${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 30)}”`;
    const isReadOnly = (element: Element) => element.closest('.sr-only') !== null;
    /** The front layer: a modal dialog, or else a popover. */
    const layers = document.querySelectorAll('dialog[open], [popover]:popover-open');
    const front = layers[layers.length - 1] ?? document.body;

    function clippedBox(element: Element): DOMRect {
      let { left, top, right, bottom } = element.getBoundingClientRect();
      for (
        let around = element.parentElement;
        around !== null && around !== front.parentElement;
        around = around.parentElement
      ) {
        if (getComputedStyle(around).overflowY === 'visible') continue;
        const box = around.getBoundingClientRect();
        [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
        [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
      }
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
    }

    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth - clientWidth} px too wide`);

    const shown = Array.from(front.querySelectorAll<HTMLElement>('*')).filter(
      (element) => element.checkVisibility() && !isReadOnly(element),
    );
    for (const element of shown) {
      const style = getComputedStyle(element);
      const isCut =
        element.scrollWidth > element.clientWidth + SLACK &&
        (style.overflowX === 'hidden' || style.overflowX === 'clip' || style.overflowX === 'auto') &&
        // An ellipsis says that there is more, and the whole is in the title.
        style.textOverflow !== 'ellipsis' &&
        // One moves about in a field's text.
        element.localName !== 'input';
      if (isCut && !element.matches('[aria-hidden="true"], [aria-hidden="true"] *'))
        faults.push(`${named(element)} is cut at its side`);
      const hasText = Array.from(element.childNodes).some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      );
      const box = element.getBoundingClientRect();
      if (hasText && box.width > 0 && (box.left < -SLACK || box.right > clientWidth + SLACK))
        faults.push(`${named(element)} leaves the screen`);
    }

    const controls = Array.from(front.querySelectorAll(CONTROLS))
      .filter((element) => element.checkVisibility() && !isReadOnly(element))
      .map((element) => ({ element, box: clippedBox(element), whole: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > SLACK && box.height > SLACK);
    controls.forEach(({ element, box, whole }, index) => {
      const isInText = element.localName === 'a' && getComputedStyle(element).display === 'inline';
      if (!isInText && (whole.width < TARGET_MIN || whole.height < TARGET_MIN))
        faults.push(`${named(element)} is a target of ${Math.round(whole.width)} × ${Math.round(whole.height)} px`);
      for (const other of controls.slice(index + 1)) {
        if (element.contains(other.element) || other.element.contains(element)) continue;
        // What floats over a list that scrolls covers a part of it.
        if (element.closest('[role="log"]') !== other.element.closest('[role="log"]')) continue;
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > SLACK && down > SLACK) faults.push(`${named(element)} lies over ${named(other.element)}`);
      }
    });
    return faults;
  });
}
