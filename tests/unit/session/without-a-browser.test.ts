import { expect, it, vi } from 'vitest';

const files = import.meta.glob('/src/session/**/*.ts');

// Whatever asks for one of these finds nothing, as in a program without a page.
vi.mock('react', () => {
  throw new Error('A member’s room needs no React');
});

it('a member’s room loads where there is no browser and no React', async () => {
  for (const name of ['window', 'document', 'localStorage']) expect(name in globalThis).toBe(false);
  expect(Object.keys(files).length).toBeGreaterThan(15);
  for (const [file, load] of Object.entries(files)) await expect(load(), file).resolves.toBeDefined();
});
