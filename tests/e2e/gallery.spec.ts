import AxeBuilder from '@axe-core/playwright';
import { inProject } from '../../scripts/project.mjs';
import { RULES } from './support/accessibility';
import { expect, test, type GalleryPage } from './support/gallery';
import { findUntidiness } from './support/tidiness';

/** How many tests divide the states among them, so that both workers have half. */
const PARTS = 6;
/** With this variable, pictures of all states are written into test-results/gallery. */
const TAKES_PICTURES = process.env.GALLERY_PICTURES !== undefined;

const DESKTOP = { width: 1_280, height: 740 };
const PHONE = { width: 375, height: 740 };
const SMALLEST = { width: 320, height: 568 };

const SHOWN = [
  { look: 'light', theme: 'light', forcedColors: null },
  { look: 'dark', theme: 'dark', forcedColors: null },
  { look: 'forced', theme: 'light', forcedColors: 'active' },
] as const;

for (let part = 0; part < PARTS; part += 1) {
  const partOf = (names: readonly string[]) => names.filter((_, index) => index % PARTS === part);

  test(`axe finds nothing in any state, light, dark or in forced colours, part ${part + 1}`, async ({
    gallery,
    names,
  }) => {
    const { page } = gallery;
    await page.setViewportSize(DESKTOP);
    const found: string[] = [];
    for (const { look, theme, forcedColors } of SHOWN) {
      await page.emulateMedia({ forcedColors });
      for (const name of partOf(names)) {
        await gallery.show(name, { theme });
        if (TAKES_PICTURES) await takePicture(gallery, name, look);
        found.push(...(await violationsIn(gallery)).map((violation) => `${name}, ${look}: ${violation}`));
      }
    }
    await page.emulateMedia({ forcedColors: null });
    expect(found).toEqual([]);
    gallery.expectCalm();
  });

  test(`no state is too wide, cut or crowded on a phone, in no language, part ${part + 1}`, async ({
    gallery,
    names,
  }) => {
    const found: string[] = [];
    for (const viewport of [PHONE, SMALLEST]) {
      await gallery.page.setViewportSize(viewport);
      for (const words of ['plain', 'long', 'mirrored'] as const) {
        for (const name of partOf(names)) {
          await gallery.show(name, { words });
          if (TAKES_PICTURES && viewport === PHONE) await takePicture(gallery, name, `phone-${words}`);
          const faults = await findUntidiness(gallery.page);
          found.push(...faults.map((fault) => `${name}, ${viewport.width} px, ${words}: ${fault}`));
        }
      }
    }
    expect(found).toEqual([]);
    gallery.expectCalm();
  });
}

test('emoji are drawn in colour', async ({ gallery }) => {
  const hues = await gallery.page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d');
    if (context === null) return 0;
    context.font = '40px sans-serif';
    context.fillText('🦊', 0, 40);
    const { data } = context.getImageData(0, 0, 60, 60);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4);
      const greatest = Math.max(red, green, blue);
      // Sixths of the circle of colours; grey has none.
      if (alpha > 200 && greatest - Math.min(red, green, blue) > 60)
        seen.add(Math.floor(((red - blue) / greatest) * 4));
    }
    return seen.size;
  });
  expect(hues).toBeGreaterThan(1);
});

/** What axe finds in the state that is shown. */
async function violationsIn({ page }: GalleryPage): Promise<string[]> {
  // The other mode opens a tab of its own because of frames, of which there are none.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ runOnly: RULES, rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] })
    .analyze();
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

const takePicture = ({ page }: GalleryPage, name: string, look: string) =>
  page.screenshot({ path: inProject('test-results', 'gallery', `${name.replaceAll('/', '-')} ${look}.png`) });
