import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOfMedia } from '@/lib/media/name-of-media';
import { safeFileName } from '@/lib/media/safe-file-name';

describe('the name of a file', () => {
  it.each([
    ['notes.txt', 'notes.txt'],
    ['安靜的水獺.pdf', '安靜的水獺.pdf'],
    ['two  spaces\tand\na line.txt', 'two spaces and a line.txt'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\system.ini', 'C__Windows_system.ini'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['in\u200bvisible\ufeff.txt', 'invisible.txt'],
    ['.htaccess', 'htaccess'],
    ['ends in dots...', 'ends in dots'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console.log', 'console.log'],
    ['  ', 'file'],
    ['\u202e', 'file'],
    ['a\u0000b?.txt', 'a b_.txt'],
    ['half \ud83d.txt', 'half \ufffd.txt'],
  ])('%j is shown and saved as %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('of 300 characters is cut in front of its ending', () => {
    const safe = safeFileName(`${'ä'.repeat(300)}.jpeg`);
    expect(safe).toMatch(/^ä+…\.jpeg$/);
    expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(200);
  });

  it('is safe whatever it was, and is not changed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = safeFileName(name);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]|^[\s.]|[\s.]$/u);
        expect(safe).not.toBe('');
        expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(201);
        expect(safeFileName(safe)).toBe(safe);
      }),
    );
  });

  const jpeg = { type: 'image/jpeg', kind: 'picture' } as const;

  it.each([
    ['photo.JPG', jpeg, 'photo.JPG'],
    ['photo.png', jpeg, 'photo.jpg'],
    ['photo', jpeg, 'photo.jpg'],
    ['photo.exe', jpeg, 'photo.exe.jpg'],
    ['photo.jpg', null, 'photo.jpg.bin'],
    ['drawing.svg', null, 'drawing.svg'],
    ['voice.webm', { type: 'audio/webm', kind: 'audio' } as const, 'voice.webm'],
  ])('%s does not end like something that its bytes are not', (name, media, safe) => {
    expect(nameOfMedia(name, media)).toBe(safe);
  });
});
