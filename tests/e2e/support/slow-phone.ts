import type { Page } from '@playwright/test';

/** A phone of the middle class on a slow mobile network. */
const LATENCY_MS = 150;
const DOWN_BYTES_PER_SECOND = 1_600_000 / 8;
const UP_BYTES_PER_SECOND = 750_000 / 8;
const SLOWER_PROCESSOR = 4;

/** What the page had loaded at some moment. */
export interface Loaded {
  ms: number;
  requests: number;
  calls: number;
  bytes: number;
}

/** What the page has noted about its own loading. */
export interface Loading {
  /** The sum of all layout shifts that nobody caused. */
  shift: number;
  /** What moved, for the report. */
  shifted: string[];
  painted: number | null;
  /** A press and a key are taken by the page's own code. */
  usable: Loaded | null;
  /** The room was read, and its line is there. */
  read: Loaded | null;
}

declare global {
  interface Window {
    loading?: Loading;
  }
}

/** Makes the page's network and processor slow, and has every page that it loads take notes of its loading. */
export async function likeASlowPhone(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: DOWN_BYTES_PER_SECOND,
    uploadThroughput: UP_BYTES_PER_SECOND,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_PROCESSOR });
  await page.addInitScript(takeNotes);
}

/** Runs in the page. */
function takeNotes(): void {
  const notes: Loading = { shift: 0, shifted: [], painted: null, usable: null, read: null };
  window.loading = notes;
  const observe = (type: string, onEntry: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(onEntry)).observe({ type, buffered: true });
  observe('layout-shift', (entry) => {
    const shift = entry as PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    };
    if (shift.hadRecentInput) return;
    notes.shift += shift.value;
    for (const { node } of shift.sources) notes.shifted.push(node?.parentElement?.outerHTML.slice(0, 120) ?? '');
  });
  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') notes.painted = startTime;
  });
  const loaded = (): Loaded => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const arrived = entries.filter(({ responseEnd }) => responseEnd > 0);
    return {
      ms: performance.now(),
      requests: arrived.length,
      calls: entries.filter(({ name }) => new URL(name).pathname.startsWith('/api/')).length,
      bytes: arrived.reduce((sum, { transferSize }) => sum + transferSize, 0),
    };
  };
  /** React keeps its own notes on every element that it has taken over. */
  const isTaken = (element: Element | null) =>
    element !== null && Object.keys(element).some((key) => key.startsWith('__reactProps'));
  const look = () => {
    if (isTaken(document.querySelector('form button[type=submit]'))) notes.usable ??= loaded();
    if (document.querySelector('main [role=timer]') !== null) notes.read ??= loaded();
    requestAnimationFrame(look);
  };
  look();
}

export async function readLoading(page: Page): Promise<Loading> {
  const loading = await page.evaluate(() => window.loading);
  if (loading === undefined) throw new Error('The page took no notes.');
  return loading;
}
