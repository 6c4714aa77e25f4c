import { describe, expect, it } from 'vitest';
import { cutName } from '@/components/room/files/cut-name';
import { faceOfFile, isPictureCard, kindOfFile } from '@/components/room/files/kind-of-file';
import { sizeIn } from '@/components/room/files/use-file-words';
import { barsOf } from '@/components/room/files/bars-of';
import type { Download, LoadedFile } from '@/session/files/download';

const PREVIEW = 'data:image/png;base64,AAAA';
const VOICE = { ms: 1_000, wave: 'A_' };
const idle: Download = { state: 'idle' };
const ready = (kind: LoadedFile['kind']): Download => ({
  state: 'ready',
  kind,
  url: 'blob:x',
  content: new Blob(),
  name: 'x',
});

describe('what a file is called', () => {
  it.each([
    ['image/jpeg', 'picture'],
    ['IMAGE/PNG', 'picture'],
    ['audio/mpeg', 'audio'],
    ['video/mp4', 'video'],
    ['application/pdf', 'pdf'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'sheet'],
    ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'slides'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'document'],
    ['application/zip', 'archive'],
    ['text/html', 'text'],
    ['', 'other'],
  ])('%s is a %s', (type, kind) => {
    expect(kindOfFile({ name: 'a', type })).toBe(kind);
  });

  it.each([
    ['plan.pdf', 'pdf'],
    ['Notes.TXT', 'text'],
    ['drafts.tar.gz', 'archive'],
    ['picture.jpg', 'other'],
    ['constructor', 'other'],
    ['a.constructor', 'other'],
  ])('%s without a type is a %s', (name, kind) => {
    expect(kindOfFile({ name, type: 'application/octet-stream' })).toBe(kind);
  });

  it('a small picture makes a picture of everything but a recording, and a wave makes a voice', () => {
    expect(kindOfFile({ name: 'a', type: '', preview: PREVIEW })).toBe('picture');
    expect(kindOfFile({ name: 'a', type: 'video/mp4', preview: PREVIEW })).toBe('video');
    expect(kindOfFile({ name: 'a', type: 'image/png', voice: VOICE })).toBe('voice');
  });
});

describe('what a file is shown as', () => {
  it('is a card for what runs or cannot be shown, whatever its author calls it', () => {
    for (const type of ['image/svg+xml', 'text/html', 'image/heic', 'application/pdf', 'audio/mpeg', 'video/mp4']) {
      expect(faceOfFile({ name: 'a', type }, idle), type).toBe('card');
      expect(isPictureCard({ name: 'a', type }), type).toBe(false);
    }
  });

  it('follows its bytes once they are there', () => {
    const photo = { name: 'a.jpg', type: 'image/jpeg', preview: PREVIEW };
    expect(faceOfFile(photo, idle)).toBe('picture');
    expect(faceOfFile(photo, ready('other'))).toBe('card');
    expect(faceOfFile(photo, ready('video'))).toBe('video');
    expect(faceOfFile({ name: 'a', type: 'text/html' }, ready('picture'))).toBe('picture');
    expect(faceOfFile({ name: 'a', type: 'audio/webm', voice: VOICE }, ready('audio'))).toBe('voice');
    expect(faceOfFile({ name: 'a', type: 'audio/webm', voice: VOICE }, ready('picture'))).toBe('picture');
    expect(faceOfFile({ name: 'a', type: 'audio/webm', voice: VOICE }, ready('other'))).toBe('card');
  });
});

describe('the name of a file', () => {
  it('keeps its end, which says what it is, however long it is', () => {
    const cut = cutName(`${'long '.repeat(60)}report.tar.gz`);
    expect(cut).toMatch(/^long .*….*report\.tar\.gz$/u);
    expect(Array.from(cut).length).toBeLessThanOrEqual(48);
    expect(cutName('short.txt')).toBe('short.txt');
  });

  it('is never cut within a character', () => {
    expect(cutName('👩'.repeat(60))).toMatch(/^👩+…👩+$/u);
  });
});

it.each([
  [1, '1 byte'],
  [1_023, '1,023 bytes'],
  [1_536, '1.5 kB'],
  [10_485_760, '10 MB'],
  [3_221_225_472, '3 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(sizeIn('en', bytes)).toBe(words);
});

it('a wave has as many bars as are asked for, from almost nothing to all', () => {
  expect(barsOf('A_', 2)).toEqual([0.08, 1]);
  expect(barsOf('_', 3)).toEqual([1, 1, 1]);
  expect(barsOf('AAAA_AAA', 2)).toEqual([0.08, 1]);
});
