import { inProject } from '../../scripts/project.mjs';
import { expect, test, type GalleryPage, type Look } from './support/gallery';
import { findUntidiness } from './support/tidiness';

// Some twenty states a test, several looks each: on a busy machine that takes longer than other tests may.
test.describe.configure({ timeout: 150_000 });

/** How many tests divide the states among them, so that all workers are at work. */
const PARTS = 10;
/** With this variable, pictures of all states are written into test-results/gallery. */
const TAKES_PICTURES = process.env.GALLERY_PICTURES !== undefined;

const DESKTOP = { width: 1_280, height: 740 };
const PHONE = { width: 375, height: 740 };
const SMALLEST = { width: 320, height: 568 };
/** A phone that lies on its side. */
const LOW = { width: 740, height: 360 };
/** The screens that one meets first; they have to fit a low window, too. */
const SEEN_FIRST = /^(?:front|door)\/|^room\/empty/;

// Forced colours come from the light look, as the browser replaces the palette of the dark one later than it reports the change.
const LOOKS: readonly Look[] = ['light', 'forced', 'dark'];

for (let part = 0; part < PARTS; part += 1) {
  const partOf = (names: readonly string[]) => names.filter((_, index) => index % PARTS === part);

  test(`axe finds nothing in any state, light, dark or in forced colours, part ${part + 1}`, async ({
    gallery,
    names,
  }) => {
    await gallery.wear('light');
    await gallery.resize(DESKTOP);
    const found: string[] = [];
    for (const name of partOf(names)) {
      await gallery.show(name);
      for (const look of LOOKS) {
        if (look !== 'light') await gallery.wear(look);
        await takePicture(gallery, name, look);
        const violations = await gallery.violations({ colours: look !== 'light' });
        found.push(...violations.map((violation) => `${name}, ${look}: ${violation}`));
      }
      await gallery.wear('light');
    }
    expect(found).toEqual([]);
    gallery.expectCalm();
  });

  test(`no state is too wide, cut or crowded on a phone, in no language, part ${part + 1}`, async ({
    gallery,
    names,
  }) => {
    const found: string[] = [];
    for (const name of partOf(names)) {
      for (const words of ['plain', 'long', 'mirrored'] as const) {
        await gallery.resize(PHONE);
        await gallery.show(name, { words });
        await takePicture(gallery, name, `phone-${words}`);
        for (const viewport of [PHONE, SMALLEST, LOW]) {
          if (viewport === LOW && !SEEN_FIRST.test(name)) continue;
          if (viewport !== PHONE) await gallery.resize(viewport);
          if (viewport !== PHONE && words === 'plain') await takePicture(gallery, name, `${viewport.width}px`);
          const faults = await findUntidiness(gallery.page);
          found.push(...faults.map((fault) => `${name}, ${viewport.width} px, ${words}: ${fault}`));
        }
      }
      if (TAKES_PICTURES) await takeDarkPicture(gallery, name);
    }
    expect(found).toEqual([]);
    gallery.expectCalm();
  });
}

test('on the narrowest screens, nothing cuts the word that says that a room is public', async ({ gallery, names }) => {
  const states = names.filter((name) => name.startsWith('room/public'));
  expect(states.length).toBeGreaterThan(4);
  for (const name of states) {
    await gallery.show(name);
    for (const viewport of [PHONE, SMALLEST]) {
      await gallery.resize(viewport);
      const word = gallery.page
        .getByRole('banner')
        .getByText(/^Public/)
        .filter({ visible: true });
      await expect(word).toHaveCount(1);
      const missing = await word.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(missing, `${name}, ${viewport.width} px`).toBeLessThanOrEqual(0);
    }
  }
  gallery.expectCalm();
});

test('what one may do with somebody at the door stands in one line', async ({ gallery }) => {
  for (const name of ['civil/one at the door', 'civil/several at the door', 'civil/somebody without a verified name']) {
    await gallery.show(name);
    for (const viewport of [DESKTOP, PHONE, SMALLEST]) {
      await gallery.resize(viewport);
      const buttons = gallery.page.getByRole('main').getByRole('button', { name: /^(?:Let in:|Refuse:|Dismiss$)/ });
      await expect(buttons).toHaveCount(3);
      const tops = await buttons.evaluateAll((all) => all.map((button) => button.getBoundingClientRect().top));
      expect(new Set(tops).size, `${name}, ${viewport.width} px`).toBe(1);
    }
  }
  gallery.expectCalm();
});

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

async function takePicture({ page }: GalleryPage, name: string, look: string) {
  if (!TAKES_PICTURES) return;
  await page.screenshot({ path: inProject('test-results', 'gallery', `${name.replaceAll('/', '-')} ${look}.png`) });
}

async function takeDarkPicture(gallery: GalleryPage, name: string) {
  await gallery.resize(PHONE);
  await gallery.show(name, { theme: 'dark' });
  await takePicture(gallery, name, 'phone-dark');
}
