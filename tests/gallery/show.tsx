import { NextIntlClientProvider } from 'next-intl';
import type { Root } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { LOCALE } from '@/i18n/locale';
import { parseTheme } from '@/lib/theme';
import { answerAs, interceptApi } from './answers';
import { createHands } from './hands';
import { STATES } from './screens';
import type { GalleryState } from './state';
import { catalogue, translator, WORDS } from './words';

declare global {
  interface Window {
    /** Shows the state of an address's search without a reload. Resolves once it stands complete, or with why it could not be reached. */
    showState: (search: string) => Promise<string | undefined>;
  }
}

/**
 * Shows the state that the address names, and every other that is asked for. The page's `data-shown` names what stands complete on
 * the screen, `data-fault` says why a state could not be reached, and `data-names` lists all states.
 */
export function showStates(root: Root): void {
  let gone = new AbortController();
  let turn = 0;

  async function show(search: string) {
    gone.abort();
    gone = new AbortController();
    const { signal } = gone;
    turn += 1;
    const { dataset } = document.documentElement;
    delete dataset['shown'];
    delete dataset['fault'];
    try {
      await draw(root, new URLSearchParams(search), turn, signal);
      dataset['shown'] = search;
    } catch (fault) {
      if (!signal.aborted) dataset['fault'] = String(fault);
    }
  }

  interceptApi();
  beIdleAtOnce();
  document.documentElement.dataset['names'] = [...STATES.keys()].join('\n');
  window.showState = async (search) => {
    await show(search);
    return document.documentElement.dataset['fault'];
  };
  void show(location.search);
}

async function draw(root: Root, asked: URLSearchParams, turn: number, signal: AbortSignal): Promise<void> {
  const name = asked.get('name') ?? '';
  const words = WORDS.find((known) => known === asked.get('words')) ?? 'plain';
  const state = STATES.get(name);
  if (state === undefined) throw new Error(`There is no state of the name ${name}.`);
  const page = document.documentElement;
  page.dataset['theme'] = parseTheme(asked.get('theme') ?? undefined);
  page.dir = words === 'mirrored' ? 'rtl' : 'ltr';
  document.title = name;
  answerAs(state);
  page.dataset['publicRooms'] = state.isLobbyOn ? 'on' : 'off';
  pretend(state.pretend ?? {}, signal);
  flushSync(() =>
    root.render(
      <NextIntlClientProvider key={turn} locale={LOCALE} messages={catalogue(words)} timeZone="UTC">
        {state.render()}
      </NextIntlClientProvider>,
    ),
  );
  await settled();
  if (state.act !== undefined) {
    await state.act(createHands(translator(words), signal));
    await settled();
  }
  signal.throwIfAborted();
}

/** Gives the browser these properties until another state is shown. */
function pretend(properties: NonNullable<GalleryState['pretend']>, signal: AbortSignal): void {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(navigator, name, { value, configurable: true });
    signal.addEventListener('abort', () => Reflect.deleteProperty(navigator, name));
  }
}

/** What waits until the browser is idle need not wait here, where nothing else is going on. */
function beIdleAtOnce(): void {
  window.requestIdleCallback = (run) => window.setTimeout(run, 0, { didTimeout: false, timeRemaining: () => 0 });
  window.cancelIdleCallback = (handle) => window.clearTimeout(handle);
}

/** Parts that are fetched once a browser is idle have been drawn, and nothing moves any more. */
async function settled(): Promise<void> {
  await document.fonts.ready;
  for (let round = 0; round < 2; round += 1) {
    await new Promise((resolve) => requestIdleCallback(resolve));
    await new Promise(requestAnimationFrame);
  }
  // A spinner turns for ever.
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
  }
}
