import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const FOLDERS = ['src/app', 'src/components'];

/** A class that means the left or the right, without its variants: in a language from right to left, it stays on the wrong side. */
const PHYSICAL_CLASS =
  /^-?(?:(?:scroll-)?[mp][lr]-|(?:left|right)-|border-[lr](?:-|$)|rounded-(?:[lr]|[tb][lr])(?:-|$)|(?:text|float|clear)-(?:left|right)$|(?:origin|object|bg)-(?:(?:top|bottom)-)?(?:left|right)$)/;
const PHYSICAL_DECLARATION =
  /(?:^|[\s;{])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|left|right|(?:text-align|float|clear)\s*:\s*(?:left|right))\s*[:;]/;

/** The physical classes in a component's source. */
function physicalClasses(source: string): string[] {
  const code = source.replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, '');
  return code
    .split(/[\s"'`{}]+/)
    .map((word) => word.replace(/^(?:[\w-]+(?:-?\[[^\]]*\])?:)+/, ''))
    .filter((word) => PHYSICAL_CLASS.test(word));
}

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => path.join(folder, file));

it('has no class in a component that means the left or the right', () => {
  const offenders = FOLDERS.flatMap((folder) => filesIn(folder, /\.tsx?$/)).flatMap((file) =>
    physicalClasses(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`),
  );
  expect(offenders).toEqual([]);
});

it('has no style that means the left or the right', () => {
  const offenders = FOLDERS.flatMap((folder) => filesIn(folder, /\.css$/)).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => PHYSICAL_DECLARATION.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(offenders).toEqual([]);
});

it.each([
  ['className="mt-1 pl-2"', ['pl-2']],
  ['`p-2 sm:-mr-2 ${x}`', ['-mr-2']],
  ["'has-[textarea:focus]:left-0 right-[max(1rem,2rem)]'", ['left-0', 'right-[max(1rem,2rem)]']],
  [
    "'rounded-l rounded-tr-lg border-r border-l-2 text-left'",
    ['rounded-l', 'rounded-tr-lg', 'border-r', 'border-l-2', 'text-left'],
  ],
  ["'ps-2 me-1 start-0 rounded-lg border-line text-start left' // pl-2 is gone", []],
])('finds in %s what it should', (source, found) => {
  expect(physicalClasses(source)).toEqual(found);
});

it.each([
  ['  margin-left: 1px;', true],
  ['  text-align: right;', true],
  ['a { left: 0; }', true],
  ['  margin-inline-start: 1px;', false],
  ['  --left-over: 0;', false],
])('judges the style %s rightly', (line, isPhysical) => {
  expect(PHYSICAL_DECLARATION.test(line)).toBe(isPhysical);
});
