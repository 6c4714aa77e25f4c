import fc from 'fast-check';
import * as z from 'zod/mini';
import { afterAll, expect, it } from 'vitest';
import { plainTextFault } from '@/domain/plain-text';
import { nameFault } from '@/domain/text-rules';
import { type TestApp, startApp } from '@tests/support/app';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

/** Short texts are also repeated to 1,000 characters. */
const TEXTS = [
  '0',
  '123',
  '-0',
  '1e3',
  '1E400',
  '0x10',
  '007',
  '9007199254740993',
  '3.10',
  'NaN',
  'true',
  'false',
  'null',
  'undefined',
  'OK',
  'nil',
  '""',
  '"',
  "'",
  '\\',
  '\\u0041',
  '\\0',
  '{}',
  '[]',
  '{"a":1}',
  '{"__proto__":1}',
  '[1,2',
  'a,b',
  'message,x,y',
  '2026-11-21',
  '2026-11-21T03:00:00.000Z',
  'Sat Nov 21 2026',
  '12:30',
  '\n a',
  'a\r\nb',
  'a\rb',
  'a\n\ndata: b',
  'event: x\ndata: y\n\n',
  'data: [DONE]',
  ' a ',
  '\ta\t',
  'a\u00a0',
  'a\0b',
  '\u0001\u001f\u007f',
  'a\u2028b\u2029c',
  '\ufeffa',
  'a\ufffeb',
  '\uffff\u{10ffff}',
  '🦋',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇩🇪🇯🇵',
  '👍🏽',
  '1️⃣',
  '❤️',
  '🫠\u200d',
  '\u200bx\u2060',
  'é',
  'e\u0301',
  'Å\u212b',
  'a\u0300\u0301\u0302\u0303',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  'שלום',
  'مرحبا بالعالم',
  '\u202eabc\u202c',
  '\u2066abc\u2069',
  '한국어',
  '각',
  '日本語テキスト',
  '繁體中文',
  '简体中文',
  'ไทย',
  'हिन्दी',
  'ﬀ',
  'İıſß',
  '𝒳𐍈𠮷',
  '<script>alert(1)</script>',
  '&amp;&#x27;',
  '%00%2e',
  '${x}',
  '`',
  '; DROP',
  '*1\r\n$4\r\nPING\r\n',
  "return redis.call('FLUSHALL')",
  '%s%d%.0f',
  '--[[',
  ']]',
  '$1',
  'v1.0123456789abcdef.A',
  'T0s=',
  'ÿ',
  '\u0080\u009f',
  'a'.repeat(1_000),
];
const SENDERS = ['123', 'true', 'null', '{"a":1}', '🦋'.repeat(100), '" \\ ', '🏳️‍🌈', 'علی\u200cرضا', 'é', "O'Brien"];

const toThousand = (text: string) => {
  const characters = Array.from(text);
  return Array.from({ length: 1_000 }, (_, index) => characters[index % characters.length] ?? '').join('');
};

/** Any text that may be sent, of any code points, and of whole graphemes. */
const anyText = (charactersMax: number) =>
  fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: charactersMax }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: charactersMax }),
      fc.constantFrom(...TEXTS),
      fc.json(),
      fc.double().map(String),
      fc.date().map(String),
    )
    .filter((text) => plainTextFault(text, charactersMax) === null);

const spokenSchema = z.object({ id: z.string(), sender: z.string(), text: z.string() });
const seed = Date.now();

describeOnEveryStorage('a text', (current) => {
  let app: TestApp | undefined;
  afterAll(() => app?.close());

  /** Sends them all, and reads them back: from the answer, live, from history, and from history as another member. */
  async function sayAndHear(said: readonly { sender: string; text: string }[]): Promise<void> {
    app ??= await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const stream = await listenTo(app.url, guest);
    const expected = said.map((words, index) => ({ id: `message-${index}`, ...words }));
    const answered: unknown[] = [];
    for (const words of expected) answered.push((await owner.send(words)).body);
    expect(answered.map((body) => spokenSchema.parse(body))).toEqual(expected);
    expect(await readAll(guest)).toEqual(expected);
    await eventually(() => expect(stream.data('chat.message')).toHaveLength(expected.length));
    expect(stream.data('chat.message').map((data) => spokenSchema.parse(data))).toEqual(expected);
    // Sent again, as after a lost answer, it is recognised as the same.
    for (const words of expected.slice(0, 20)) expect((await owner.send(words)).status).toBe(200);
    stream.close();
  }

  async function readAll(seat: Seat): Promise<unknown[]> {
    const pageSchema = z.object({ messages: z.array(spokenSchema), cursor: z.string() });
    const all: unknown[] = [];
    for (let cursor = '0-0'; ;) {
      const page = pageSchema.parse((await seat.history(`limit=200&after=${cursor}`)).body);
      if (page.messages.length === 0) return all;
      all.push(...page.messages);
      cursor = page.cursor;
    }
  }

  it('comes back as it was, whatever it looks like', async () => {
    for (const text of TEXTS) expect(plainTextFault(text, 1_000)).toBeNull();
    await sayAndHear(TEXTS.map((text, index) => ({ sender: SENDERS[index % SENDERS.length] ?? 'a', text })));
  });

  it('comes back as it was, a thousand characters of each', async () => {
    await sayAndHear(TEXTS.map((text) => ({ sender: 'a', text: toThousand(text) })));
  });

  it(`comes back as it was, of any Unicode (seed ${seed})`, async () => {
    const conversation = fc.array(
      fc.record({ sender: anyText(100).filter((name) => nameFault(name) === null), text: anyText(1_000) }),
      { minLength: 20, maxLength: 40, size: 'max' },
    );
    await fc.assert(fc.asyncProperty(conversation, sayAndHear), { seed, numRuns: 6, endOnFailure: true });
  });

  it('comes back as it was when it is a name', async () => {
    app ??= await startApp(current().storage);
    const owner = await roomsApi(app).open();
    for (const name of [...SENDERS, ...TEXTS.filter((text) => nameFault(text) === null)]) {
      expect((await owner.rename(name)).body).toMatchObject({ name });
      expect((await owner.members()).body).toMatchObject({ members: [{ name }] });
    }
  });
});
