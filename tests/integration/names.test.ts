import { afterAll, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { type RoomsApi, roomsApi } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const DECEITS = [
  ['a line break', 'Ann\nBob'],
  ['a null', 'Ann\0'],
  ['a line separator', 'Ann\u2028Bob'],
  ['an override', 'a\u202ennA'],
  ['the end of an isolate', 'Ann\u2069 left'],
  ['a right-to-left mark', 'Ann\u200f'],
  ['a zero-width space', 'An\u200bn'],
  ['a joiner between Latin letters', 'An\u200dn'],
  ['tags', 'Ann\u{e0041}'],
] as const;
const BLANKS = [
  ['a zero-width space', '\u200b'],
  ['a blank pattern', '\u2800'],
  ['a filler', '\u3164'],
  ['a half-width filler', '\uffa0'],
  ['bidi controls', '\u202e\u202c'],
  ['spaces of every kind', ' \u00a0\u3000\u200b\u2060\ufeff'],
] as const;
const WELCOME = [
  'علی\u200cرضا',
  'ක්\u200dෂේම',
  '👩‍👩‍👧‍👦',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  "O'Brien",
  'Bob · 2',
];

describeOnEveryStorage('a name', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi> => {
    app ??= await startApp(current().storage);
    return roomsApi(app);
  };
  afterAll(() => app?.close());

  it.each(DECEITS)('with %s is refused, in the list and with a message', async (_what, name) => {
    const owner = await (await begin()).open();
    const renamed = await owner.rename(name);
    expectProblem(renamed, 'invalid_request', ['name']);
    expect(renamed.body).toMatchObject({
      errors: [{ path: 'name', message: 'holds a character that a name may not' }],
    });
    expectProblem(await owner.send({ sender: name }), 'invalid_request', ['sender']);
    expect((await owner.send({ text: name })).status).toBe(201);
  });

  it.each(BLANKS)('of nothing but %s is refused, and so is such a text', async (_what, blank) => {
    const owner = await (await begin()).open();
    const renamed = await owner.rename(blank);
    expectProblem(renamed, 'invalid_request', ['name']);
    expect(renamed.body).toMatchObject({ errors: [{ path: 'name', message: 'is blank' }] });
    expectProblem(await owner.send({ sender: blank, text: blank }), 'invalid_request', ['sender', 'text']);
  });

  it.each(WELCOME)('like %s is accepted, because people have such names', async (name) => {
    const owner = await (await begin()).open();
    expect((await owner.rename(name)).body).toMatchObject({ name });
    expect((await owner.send({ sender: name })).body).toMatchObject({ sender: name });
  });
});
