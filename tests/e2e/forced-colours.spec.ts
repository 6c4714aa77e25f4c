import type { Locator } from '@playwright/test';
import { expect, test, type GalleryPage } from './support/gallery';

/** The edge of an element and the ground that it is seen on, as they are drawn. */
const lookOf = (element: Locator) =>
  element.evaluate((drawn) => {
    const groundOf = (of: Element) => getComputedStyle(of).backgroundColor;
    let under: Element | null = drawn;
    while (under !== null && groundOf(under).endsWith(', 0)')) under = under.parentElement;
    const { borderTopWidth, borderTopColor } = getComputedStyle(drawn);
    return {
      edge: Number.parseFloat(borderTopWidth) > 0 ? borderTopColor : 'none',
      ground: under === null ? 'none' : groundOf(under),
    };
  });

/** How far two colours are apart, as they are drawn: the sum over red, green and blue, 765 from black to white. */
const distanceOf = ({ page }: GalleryPage, colours: readonly [string, string]) =>
  page.evaluate((both) => {
    const context = document.createElement('canvas').getContext('2d');
    if (context === null) throw new Error('Nothing can be drawn.');
    const [one = [], other = []] = both.map((colour) => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data];
    });
    return one.reduce((sum, channel, index) => sum + Math.abs(channel - (other[index] ?? NaN)), 0);
  }, colours);

/** Every choice among a few on the front page: the ground of what is chosen is this far from that of what is not. */
async function expectChoicesTold(gallery: GalleryPage, distance: number) {
  const { page } = gallery;
  const choices = await page.getByRole('group').all();
  expect(choices).toHaveLength(4);
  for (const choice of choices) {
    const chosen = await lookOf(choice.locator('label:has(:checked)'));
    const other = await lookOf(choice.locator('label:not(:has(:checked))').first());
    expect(await distanceOf(gallery, [chosen.ground, other.ground])).toBeGreaterThan(distance);
  }
}

test('forced colours keep edges, what is chosen, one’s own messages and who is here; dark colours, what is chosen', async ({
  gallery,
}) => {
  const { page } = gallery;
  await gallery.resize({ width: 1_280, height: 740 });
  await gallery.show('front/plain', { theme: 'dark' });
  await expectChoicesTold(gallery, 20);
  await gallery.show('front/plain');
  await gallery.wear('forced');
  const canvas = 'rgb(255, 255, 255)';
  // The system’s colours come later than the browser reports them.
  await expect.poll(async () => (await lookOf(page.locator('html'))).ground).toBe(canvas);
  await expectChoicesTold(gallery, 200);
  const edgeOf = async (name: string) => (await lookOf(page.getByRole('button', { name }).first())).edge;
  expect(['none', canvas]).not.toContain(await edgeOf('Make a room'));

  await gallery.show('talk/talk');
  expect(['none', canvas]).not.toContain(await edgeOf('Send'));
  const bubble = (text: string) => page.locator('[data-bubble]').filter({ hasText: text });
  const own = await lookOf(bubble('Ask away'));
  const theirs = await lookOf(bubble('Hello both'));
  expect(['none', theirs.edge]).not.toContain(own.edge);
  expect(['none', canvas]).not.toContain(theirs.edge);

  await gallery.show('people/away');
  /** The last thing that an avatar draws: a dot for whoever is here. */
  const markOf = (name: string) =>
    lookOf(page.getByRole('listitem').filter({ hasText: name }).locator('[aria-hidden] > :last-child').first());
  expect((await markOf('Misty Marten')).ground).not.toBe(canvas);
  expect((await markOf('Rowan')).ground).toBe(canvas);
});
