import { expect, test } from 'vitest';
import { hasFiles, pastedFiles } from '@/components/room/sending/incoming-files';

const picture = new File(['x'], 'image.png', { type: 'image/png' });
const pasted = (types: readonly string[], files: readonly File[]) =>
  pastedFiles({ types, files: files as unknown as FileList });

test('a paste brings files, unless it is words that bring a picture of themselves along', () => {
  expect(pasted(['Files'], [picture])).toEqual([picture]);
  expect(pasted(['text/html', 'Files'], [picture])).toEqual([picture]);
  expect(pasted(['text/plain', 'Files'], [picture])).toEqual([picture]);
  expect(pasted(['text/plain', 'text/html', 'text/rtf', 'Files'], [picture])).toEqual([]);
  expect(pasted(['text/plain'], [])).toEqual([]);
});

test('words and links that are dragged are no files', () => {
  expect(hasFiles({ types: ['Files'] })).toBe(true);
  expect(hasFiles({ types: ['text/uri-list', 'text/plain'] })).toBe(false);
  expect(hasFiles(null)).toBe(false);
});
