import { expect, test } from './support/gallery';
import { findUntidiness } from './support/tidiness';

/** A small page with one fault, and how the fault is reported. */
const FAULTY = {
  'something wider than the page': ['<div style="width: 900px; height: 9px"></div>', /px too wide/],
  'a text that leaves the screen': [
    '<p style="position: fixed; left: -3rem">Out of sight</p>',
    /“Out of sight” leaves/,
  ],
  'a text that is cut': [
    '<p style="width: 5rem; overflow: hidden; white-space: nowrap">More than there is place for</p>',
    /is cut/,
  ],
  'a control over another': [
    '<button style="margin: 0; padding: 1rem">One</button><button style="margin: 0 -1rem; padding: 1rem">Two</button>',
    /“One” lies over button “Two”/,
  ],
  'a target too small for a finger': ['<button style="width: 20px; height: 20px"></button>', /target of 20 × 20 px/],
} as const;

const TIDY = `
  <p>Some text, <a href="/">a link</a> in it</p>
  <p style="width: 5rem; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">Cut off with an ellipsis</p>
  <button style="padding: 1rem">One</button> <button style="padding: 1rem">Two</button>`;

for (const [what, [body, report]] of Object.entries(FAULTY)) {
  test(`${what} is found`, async ({ page }) => {
    await page.setViewportSize({ width: 375, height: 740 });
    await page.setContent(`<!doctype html><body>${body}</body>`);
    expect(await findUntidiness(page)).toContainEqual(expect.stringMatching(report));
  });
}

test('nothing is found in a tidy page', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 740 });
  await page.setContent(`<!doctype html><body>${TIDY}</body>`);
  expect(await findUntidiness(page)).toEqual([]);
});

test('colours that are too faint are found in the look that has them, and only there', async ({ gallery }) => {
  const { page } = gallery;
  await gallery.show('errors/not found');
  for (const [look, style] of [
    ['dark', ':root[data-theme="dark"] h1 { color: #333 }'],
    ['forced', '@media (forced-colors: active) { h1 { color: #ccc; forced-color-adjust: none } }'],
  ] as const) {
    const added = await page.addStyleTag({ content: style });
    for (const worn of ['light', 'forced', 'dark'] as const) {
      await gallery.wear(worn);
      const expected = worn === look ? [expect.stringMatching(/^color-contrast at .*h1/)] : [];
      expect(await gallery.violations({ colours: true }), `${look} is faint, ${worn} is worn`).toEqual(expected);
    }
    await gallery.wear('light');
    await added.evaluate((element) => element.parentNode?.removeChild(element));
  }
});

test('a button without a name is found, and a state that cannot be reached', async ({ gallery }) => {
  await gallery.show('errors/not found');
  await gallery.page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
  expect(await gallery.violations()).toContainEqual(expect.stringMatching(/^button-name at/));
  await gallery.show('errors/no such state');
  expect(() => gallery.expectCalm()).toThrow(/There is no state of the name/);
});
