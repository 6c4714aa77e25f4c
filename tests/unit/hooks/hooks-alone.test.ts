import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

it('hooks holds hooks and nothing else', () => {
  const others = readdirSync('src/hooks').filter((file) => !file.startsWith('use-'));
  expect(others).toEqual([]);
});
