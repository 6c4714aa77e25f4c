// @vitest-environment happy-dom
import { NextIntlClientProvider } from 'next-intl';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { RenameForm } from '@/components/room/people/rename-form';
import { LOCALE } from '@/i18n/locale';
import messages from '@/i18n/words/en.json';

const COMPOSING_CODE = 229;

beforeAll(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true));

it('Escape discards a new name, but for the one that an input method lets go of a word with', () => {
  const container = document.body.appendChild(document.createElement('div'));
  const root = createRoot(container);
  onTestFinished(() => {
    act(() => root.unmount());
    container.remove();
  });
  const cancel = vi.fn();
  act(() =>
    root.render(
      <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>
        <RenameForm name="Ann" onRename={() => undefined} onCancel={cancel} />
      </NextIntlClientProvider>,
    ),
  );
  function escape(marks: object) {
    const key = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true, ...marks });
    act(() => void container.querySelector('input')?.dispatchEvent(key));
  }
  escape({ isComposing: true });
  escape({ keyCode: COMPOSING_CODE });
  expect(cancel).not.toHaveBeenCalled();
  escape({});
  expect(cancel).toHaveBeenCalledOnce();
});
