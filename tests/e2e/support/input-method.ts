import type { Page } from '@playwright/test';

/** An input method as those of Chinese, Korean and Japanese, which composes in the field that has the focus. */
export interface InputMethod {
  /** Shows this as what is being composed. */
  readonly compose: (text: string) => Promise<void>;
  /** A key of its own, which chooses or lets go of a word. */
  readonly press: (key: string) => Promise<void>;
  /** Ends with these words. */
  readonly finish: (text: string) => Promise<void>;
}

/** As browsers mark every key that belongs to an input method. */
const COMPOSING_CODE = 229;

export async function inputMethodOf(page: Page): Promise<InputMethod> {
  const browser = await page.context().newCDPSession(page);
  return {
    compose: async (text) => {
      const { length } = text;
      await browser.send('Input.imeSetComposition', { text, selectionStart: length, selectionEnd: length });
    },
    press: async (key) => {
      for (const type of ['rawKeyDown', 'keyUp'] as const)
        await browser.send('Input.dispatchKeyEvent', {
          type,
          key,
          code: key,
          windowsVirtualKeyCode: COMPOSING_CODE,
        });
    },
    finish: async (text) => {
      await browser.send('Input.insertText', { text });
    },
  };
}
