import { describe, expect, it } from 'vitest';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { ROOM_KEYS, type RoomKey, roomKeys } from '@/server/storage/keys';
import { EVERY_KEY, roomScript } from '@/server/storage/lua/room';
import { luaName, Script } from '@/server/storage/lua/script';
import { ADDRESS_WRITES } from '@/server/storage/lua/writes';
import { storeRoom } from '@/server/storage/rooms';
import { clockedStorage } from '@tests/support/clocked-storage';

const build = (body: string) => roomScript({ parts: [], args: {}, body });

describe('a script that could leave a key without an end', () => {
  it.each([
    ['writes by itself', "redis.call('HSET', ROOM, 'a', '1')"],
    ['writes by itself and ignores a refusal', "redis.pcall('ZADD', HERE, 1, 'a')"],
    ['writes by a command that nobody has thought of', "redis.call('COPY', ROOM, SENT)"],
    ['writes between quotes of the other kind', 'redis.call("RPUSH", SENT, 1)'],
    ['hides the command in a variable', "local command = 'HSET' redis.call(command, ROOM, 'a', '1')"],
    ['hides the call in a variable', "local call = redis.call call('HSET', ROOM, 'a', '1')"],
    ['hides the call in an index', "redis['call']('HSET', ROOM, 'a', '1')"],
    ['sets a value that has no end of its own', "redis.call('SET', ROOM, '1', 'NX')"],
    ['sets an end, and so may delete what it writes to next', "redis.call('PEXPIREAT', ROOM, EXPIRES_AT)"],
  ])('is refused when it is built: one that %s', (_, lua) => {
    expect(() => build(lua)).toThrow('A script writes through');
    expect(() => roomScript({ parts: [{ lua }], args: {}, body: '' })).toThrow('A script writes through');
    expect(() => roomScript({ parts: [{ lua: '', needs: [{ lua }] }], args: {}, body: '' })).toThrow();
    expect(() => new Script({ keys: ['room'], args: {}, helpers: ADDRESS_WRITES, body: lua })).toThrow();
  });

  it.each([
    ['is not declared', "write('HSET', 'another', 'a', '1')"],
    ['is made from another', "write('HSET', ROOM .. ':x', 'a', '1') write('HSET', 'x' .. ROOM, 'a', '1')"],
    ['stands in a variable', "local key = ROOM try_write('HSET', key, 'a', '1')"],
    ['is not declared, many times', "write_each('ZADD', OTHERS, {})"],
  ])('is refused when it is built: one that writes to a key that %s', (_, lua) => {
    expect(() => build(lua)).toThrow('A script writes to the keys that it declares');
  });

  it('is not one that reads, deletes, publishes, or writes through the helpers', () => {
    const body = [
      "redis.call('HGET', ROOM, 'a') redis.call('DEL', ROOM) redis.call('PUBLISH', ROOM_ID, 'x')",
      "write('HSET', ROOM, 'a', '1') try_write('ZADD', HERE, 1, 'a') write_each('RPUSH', SENT, {{1}, {2}})",
    ].join('\n');
    expect(() => build(body)).not.toThrow();
  });
});

describe('the keys of a room', () => {
  const everyKeyOnce = (lua: (name: string) => string) =>
    build(
      ROOM_KEYS.filter((key) => key !== 'room')
        .map((key) => lua(luaName(key)))
        .join('\n') + "\nreturn {'ok'}",
    );

  const inRoom = async () => {
    const { storage, command } = clockedStorage();
    const roomId = roomIdSchema.parse('R'.repeat(22));
    const settings = { lifetimeMs: 60_000, maxMembers: 2, files: null };
    const credential = { memberId: memberIdSchema.parse('M'.repeat(16)), tokenHash: 'hash' };
    const { room } = await storeRoom(storage.redis, { roomId, ...settings, ...credential });
    const keys = roomKeys(roomId);
    const endOf = (key: RoomKey) => command('PEXPIRETIME', keys[key]);
    const held = async () => (await Promise.all(Object.values(keys).map((key) => command('EXISTS', key)))).join('');
    return { redis: storage.redis, room, keys, endOf, held, command };
  };

  it.each([
    ['write', (name: string) => `redis.call('DEL', ${name}) write('SET', ${name}, '1')`],
    ['try_write', (name: string) => `redis.call('DEL', ${name}) try_write('SET', ${name}, '1')`],
    ['write_each', (name: string) => `redis.call('DEL', ${name}) write_each('RPUSH', ${name}, {{'1', '2'}, {'3'}})`],
  ])('all end with the room once a script has written to them by %s', async (_, lua) => {
    const { redis, room, endOf } = await inRoom();
    expect(await everyKeyOnce(lua).run(redis, room)).toEqual(['ok']);
    for (const key of ROOM_KEYS) expect([key, await endOf(key)]).toEqual([key, room.expiresAt]);
  });

  it('are all deleted by the list that a script deletes a room with', async () => {
    const { redis, room, held } = await inRoom();
    await everyKeyOnce((name) => `redis.call('DEL', ${name}) write('SET', ${name}, '1')`).run(redis, room);
    expect(await held()).toBe('1'.repeat(ROOM_KEYS.length));
    await build(`redis.call('DEL', ${EVERY_KEY}) return {'ok'}`).run(redis, room);
    expect(await held()).toBe('0'.repeat(ROOM_KEYS.length));
  });

  it('stand in one cluster slot: what is hashed of each is the id of the room', async () => {
    const { room, keys } = await inRoom();
    for (const key of Object.values(keys)) expect(/\{(.+)\}/.exec(key)?.[1] ?? key).toBe(room.roomId);
    expect(new Set(Object.values(keys)).size).toBe(ROOM_KEYS.length);
  });

  it('stay without a note that cannot be made, and the script goes on', async () => {
    const { redis, room, endOf, keys, command } = await inRoom();
    await command('SET', keys.seen, 'of another type');
    const script = build("return {try_write('HSET', SEEN, 'a', '1') and 'written' or 'refused'}");
    expect(await script.run(redis, room)).toEqual(['refused']);
    expect(await endOf('seen')).toBe(-1);
    await command('DEL', keys.seen);
    expect(await script.run(redis, room)).toEqual(['written']);
    expect(await endOf('seen')).toBe(room.expiresAt);
  });
});
