/**
 * `npm run pictures`: draws the pictures of the documents from states of the gallery. What a machine has as its fonts for
 * emoji and code shows in them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { startGallery } from '../tests/gallery/site.mjs';
import { findChromium } from './needs.mjs';
import { inProject, runMain, Trouble } from './project.mjs';

const FOLDER = inProject('docs', 'pictures');
/** Everybody who reads the README loads them. */
const BYTES_MAX = 60_000;
const QUALITY = 90;
const PIXELS = 1.5;

const DESKTOP = { width: 1_120, height: 768 };
/** To the first of the public rooms. */
const FRONT = { width: 1_120, height: 968 };
const PHONE = { width: 375, height: 740 };

const PICTURES = [
  { file: 'talk', state: 'talk/of everything', viewport: DESKTOP, theme: 'light' },
  { file: 'front', state: 'front/lobby, few', viewport: FRONT, theme: 'light' },
  { file: 'door', state: 'door/open', viewport: PHONE, theme: 'light' },
  { file: 'phone', state: 'talk/of everything', viewport: PHONE, theme: 'dark' },
  { file: 'search', state: 'search/results', viewport: PHONE, theme: 'light' },
  { file: 'end', state: 'ended/expired', viewport: PHONE, theme: 'dark' },
];

await runMain(async () => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Trouble('There is no Chromium to draw the pictures.');
  await mkdir(FOLDER, { recursive: true });
  const gallery = await startGallery();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const picture of PICTURES) await draw(browser, gallery.url, picture);
  } finally {
    await browser.close();
    await gallery.stop();
  }
  return 0;
});

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url of the gallery
 * @param {typeof PICTURES[number]} picture
 */
async function draw(browser, url, { file, state, viewport, theme }) {
  const page = await browser.newPage({
    viewport,
    deviceScaleFactor: PIXELS,
    isMobile: viewport === PHONE,
    hasTouch: viewport === PHONE,
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await page.goto(`${url}/state.html?${new URLSearchParams({ name: state, theme, words: 'plain' })}`);
  await page.locator('html[data-shown], html[data-fault]').waitFor({ state: 'attached' });
  const fault = await page.locator('html').getAttribute('data-fault');
  if (fault !== null) throw new Trouble(`The gallery does not show ${state}: ${fault}`);
  // It blinks, so that two pictures would differ.
  await page.addStyleTag({ content: '* { caret-color: transparent !important }' });
  // Playwright itself writes no WebP, which is a third of a PNG.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > BYTES_MAX)
    throw new Trouble(`The picture ${file} has ${bytes.length} bytes, more than ${BYTES_MAX}.`);
  await writeFile(inProject('docs', 'pictures', `${file}.webp`), bytes);
  console.log(`docs/pictures/${file}.webp, ${bytes.length} bytes`);
  await page.close();
}
