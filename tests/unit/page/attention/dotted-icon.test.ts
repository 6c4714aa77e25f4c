// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { createDottedIcon } from '@/page/attention/dotted-icon';

beforeEach(() => {
  document.head.innerHTML =
    '<link rel="icon" href="/favicon.ico" sizes="48x48"><link rel="icon" href="/icon.svg" type="image/svg+xml">' +
    '<link rel="apple-touch-icon" href="/apple-icon.png">';
});

const icons = () =>
  Array.from(document.head.querySelectorAll('link[rel="icon"]'), (link) => link.getAttribute('href') ?? '');

it('the dotted icon is the only one while it is shown, and the page has its own ones back afterwards', () => {
  const before = document.head.innerHTML;
  const icon = createDottedIcon(document);
  icon.show('unread');
  icon.show('unread');
  expect(icons()).toHaveLength(1);
  expect(icons()[0]).toMatch(/^data:image\/svg\+xml,/);
  expect(document.head.querySelector('link[rel="apple-touch-icon"]')).not.toBeNull();
  icon.show(null);
  icon.show(null);
  expect(document.head.innerHTML).toBe(before);
});

it('it is the mark of the page with a dot', () => {
  createDottedIcon(document).show('unread');
  const drawn = decodeURIComponent(icons()[0] ?? '');
  const paths = [...readFileSync('src/app/icon.svg', 'utf8').matchAll(/ d="([^"]+)"/g)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(2);
  for (const path of paths) expect(drawn).toContain(path);
  expect(drawn).toContain('<circle');
});

it('an icon that the framework has taken away meanwhile does not come back', () => {
  const icon = createDottedIcon(document);
  icon.show('unread');
  document.head.querySelector('link[href="/favicon.ico"]')?.remove();
  icon.show(null);
  expect(icons()).toEqual(['/icon.svg']);
});
