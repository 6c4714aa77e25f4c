import { expect, it } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { roomScript } from '@/server/storage/lua/room';
import { Script } from '@/server/storage/lua/script';
import { clockedStorage } from '@tests/support/clocked-storage';

const ROOM = roomIdSchema.parse('R'.repeat(22));
const EVERY_KIND = { text: 'text', number: 'number', yes: 'flag', no: 'flag', rate: 'rate', texts: 'texts' } as const;
const script = (body: string) => new Script({ keys: ['first', 'second'], args: EVERY_KIND, helpers: '', body });
const given = {
  text: '"12"\n',
  number: 12,
  yes: true,
  no: false,
  rate: { max: 3, windowMs: 10_000 },
  texts: ['a', 'b'],
};
const run = (body: string, changed: Partial<typeof given | { rate: null; texts: string[] }> = {}) =>
  script(body).run(clockedStorage().storage.redis, { second: 'B', first: 'A' }, { ...given, ...changed });

it('a script finds keys and arguments under their names, each as its kind', async () => {
  expect(await run('return {FIRST, SECOND, TEXT, NUMBER + 1}')).toEqual(['A', 'B', '"12"\n', 13]);
  expect(await run("return {tostring(YES), tostring(NO), 'x'}")).toEqual(['true', 'false', 'x']);
  expect(await run('return {RATE.max, RATE.window, #TEXTS, TEXTS[1], TEXTS[2]}')).toEqual([3, 10_000, 2, 'a', 'b']);
});

it('a rate that is lifted has a maximum of 0, and a list may be empty or long', async () => {
  expect(await run('return {RATE.max, RATE.window, #TEXTS}', { rate: null, texts: [] })).toEqual([0, 0, 0]);
  const texts = Array.from({ length: 2_500 }, (_, index) => `${index}`);
  expect(await run('return {#TEXTS, TEXTS[2500]}', { texts })).toEqual([2_500, '2499']);
});

it('the order of the given arguments does not matter, nor do others beside them', async () => {
  const { storage } = clockedStorage();
  const declared = new Script({
    keys: [],
    args: { one: 'text', other: 'text' },
    helpers: '',
    body: 'return {ONE, OTHER}',
  });
  const swapped = { other: '2', beside: 'x', one: '1' };
  expect(await declared.run(storage.redis, {}, swapped)).toEqual(['1', '2']);
});

it.each([
  ['hides another argument', { maxMembers: 'text', max_members: 'text' }],
  ['hides a key', { messageIds: 'text' }],
  ['hides the clock', { now: 'number' }],
  ['hides the end of the room', { expiresAt: 'number' }],
  ['follows a list', { ids: 'texts', last: 'text' }],
] as const)('is refused when it is built: an argument that %s', (_, args) => {
  expect(() => roomScript({ parts: [], args, body: '' })).toThrow();
});

it('a script of a room that is not there does nothing', async () => {
  const { storage, command } = clockedStorage();
  const marks = roomScript({ parts: [], args: {}, body: "write('HSET', ROOM, 'a', '1') return {'ok'}" });
  expect(await marks.run(storage.redis, { roomId: ROOM })).toEqual(['room_not_found']);
  expect(await command('DBSIZE')).toBe(0);
});

it('parts stand once each, behind what they need', async () => {
  const { storage } = clockedStorage();
  const first = { lua: "local steps = 'first'" };
  const second = { needs: [first], lua: " steps = steps .. ' second'" };
  const third = { needs: [second, first], lua: " steps = steps .. ' third'" };
  const declared = roomScript({
    opensRoom: true,
    parts: [third, second, first],
    args: { lifetimeMs: 'number' },
    body: ' return {steps}',
  });
  expect(await declared.run(storage.redis, { roomId: ROOM, lifetimeMs: 1 })).toEqual(['first second third']);
});
