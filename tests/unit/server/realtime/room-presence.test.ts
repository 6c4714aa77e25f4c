import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemberId } from '@/domain/room';
import { hashToken } from '@/server/auth/tokens';
import { RoomPresence } from '@/server/realtime/room-presence';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { leaveRoom } from '@/server/services/leave-room';
import { type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const { heartbeat: HEARTBEAT, lease: LEASE, away: AWAY, gather: GATHER, heartbeatRetry: RETRY } = STREAM_TIMINGS;

/** A timer of no time, set by another timer, is due a millisecond later where time is virtual. */
const A_TURN = 1;

describe('presence', () => {
  let room: RoomInMemory;
  let processes: RoomPresence[];
  beforeEach(async () => {
    vi.useFakeTimers();
    processes = [];
    room = await roomInMemory();
  });
  afterEach(() => {
    for (const presence of processes) presence.stop();
    vi.useRealTimers();
  });

  function speakFor(processId: string) {
    const told = {
      newest: [] as string[],
      here: [] as (readonly string[] | null)[],
      away: [] as MemberId[],
      gone: 0,
      empty: 0,
    };
    const presence = new RoomPresence(
      { redis: room.storage.redis, roomId: room.roomId, processId, timings: STREAM_TIMINGS },
      {
        asking: () => ({
          turn: 0,
          learn: (newest, here) => {
            told.newest.push(newest);
            told.here.push(here?.here ?? null);
          },
        }),
        away: (memberId) => told.away.push(memberId),
        gone: () => (told.gone += 1),
        empty: () => (told.empty += 1),
      },
    );
    processes.push(presence);
    /** As the check of a credential does that found nothing to wait for. */
    const arrive = (memberId: MemberId, waitMs = 0) =>
      presence.arrived(memberId, { askedAt: performance.now(), waitMs });
    return { presence, told, arrive };
  }

  const heartbeats = () => room.recorded.length;
  /** Members and processes with a lease that has not ended. */
  const here = async () => {
    const entries = await room.command('ZRANGEBYSCORE', `room:{${room.roomId}}:here`, `(${room.clock.ms}`, '+inf');
    return (entries as string[]).sort();
  };
  const of = (processId: string, ...members: MemberId[]) => members.map((id) => `${id}|${processId}`).sort();

  it('costs nothing when somebody comes, and a heartbeat now and then while they stay, however many', async () => {
    const { arrive } = speakFor('p');
    const ids = [
      room.owner.memberId,
      ...(await Promise.all(Array.from({ length: 9 }, () => room.join()))).map(({ memberId }) => memberId),
    ];
    for (const id of ids) for (let tab = 0; tab < 10; tab += 1) arrive(id);
    await room.pass(HEARTBEAT - 1);
    expect(heartbeats()).toBe(0);
    await room.pass(1);
    expect(heartbeats()).toBe(1);
    expect(await here()).toEqual(of('p', ...ids));
    for (let minute = 0; minute < 5; minute += 1) {
      const before = heartbeats();
      await room.pass(60_000);
      expect(heartbeats() - before).toBeLessThanOrEqual(3);
    }
    expect(await here()).toEqual(of('p', ...ids));
  });

  it('tells of a change that came too soon when its time has come', async () => {
    const { arrive } = speakFor('p');
    arrive(room.owner.memberId, 700);
    await room.pass(699);
    expect(heartbeats()).toBe(0);
    await room.pass(1);
    expect(heartbeats()).toBe(1);
  });

  it('tells again of who came while a heartbeat was on its way that did not know of them', async () => {
    const { presence, arrive } = speakFor('p');
    const { memberId: guest } = await room.join();
    arrive(room.owner.memberId);
    const askedAt = performance.now() + HEARTBEAT - 1;
    await room.pass(HEARTBEAT);
    presence.arrived(guest, { askedAt, waitMs: 0 });
    await room.pass(GATHER);
    expect(heartbeats()).toBe(2);
    expect(await here()).toEqual(of('p', room.owner.memberId, guest));
  });

  it('tells again of who came while a heartbeat was still under way', async () => {
    const { arrive } = speakFor('p');
    const { memberId: guest } = await room.join();
    arrive(room.owner.memberId);
    const release = room.faulty.holdCommands();
    await room.pass(HEARTBEAT);
    arrive(guest);
    release();
    await room.pass(GATHER);
    expect(heartbeats()).toBe(2);
    expect(await here()).toEqual(of('p', room.owner.memberId, guest));
  });

  it('takes nobody back whose check was done while a heartbeat was under way', async () => {
    const { arrive } = speakFor('p');
    const { memberId: guest } = await room.join();
    arrive(room.owner.memberId);
    const release = room.faulty.holdCommands();
    await room.pass(HEARTBEAT);
    await room.command('ZADD', `room:{${room.roomId}}:here`, room.clock.ms + LEASE, `${guest}|p`);
    release();
    await room.pass(0);
    expect(heartbeats()).toBe(1);
    expect(await here()).toEqual(of('p', room.owner.memberId, guest));
  });

  it('tells who has gone until Redis has heard it', async () => {
    const { presence, arrive } = speakFor('p');
    const { memberId: guest } = await room.join();
    for (const id of [room.owner.memberId, guest]) arrive(id);
    await room.pass(HEARTBEAT);
    presence.departed(guest);
    room.faulty.failCommands = 1;
    await room.pass(AWAY + A_TURN);
    expect(await here()).toEqual(of('p', room.owner.memberId, guest));
    await room.pass(RETRY);
    expect(await here()).toEqual(of('p', room.owner.memberId));
  });

  it('keeps who drops for the time of grace and then tells that they are away', async () => {
    const { presence, arrive } = speakFor('p');
    const { memberId: guest } = await room.join();
    for (const id of [room.owner.memberId, guest, guest]) arrive(id);
    await room.pass(HEARTBEAT);
    presence.departed(guest);
    await room.pass(AWAY);
    expect(await here()).toEqual(of('p', room.owner.memberId, guest));
    presence.departed(guest);
    await room.pass(AWAY - 1);
    expect(await here()).toEqual(of('p', room.owner.memberId, guest));
    await room.pass(1 + A_TURN);
    expect(await here()).toEqual(of('p', room.owner.memberId));
  });

  it('has never missed who drops and comes back within the time of grace', async () => {
    const { presence, arrive } = speakFor('p');
    arrive(room.owner.memberId);
    for (let drop = 0; drop < 10; drop += 1) {
      presence.departed(room.owner.memberId);
      await room.pass(AWAY - 1);
      arrive(room.owner.memberId);
    }
    expect(heartbeats()).toBe(Math.floor((10 * (AWAY - 1)) / HEARTBEAT));
    expect(await here()).toEqual(of('p', room.owner.memberId));
  });

  it('gathers what changes within a second into one heartbeat', async () => {
    const { presence, arrive } = speakFor('p');
    const guests = (await Promise.all(Array.from({ length: 20 }, () => room.join()))).map(({ memberId }) => memberId);
    for (const id of [room.owner.memberId, ...guests]) arrive(id);
    await room.pass(HEARTBEAT);
    for (const id of guests) {
      presence.departed(id);
      await room.pass(40);
    }
    const before = heartbeats();
    await room.pass(AWAY + GATHER);
    expect(heartbeats() - before).toBeLessThanOrEqual(3);
    expect(await here()).toEqual(of('p', room.owner.memberId));
  });

  it('says it again soon when Redis does not answer, well before the lease ends', async () => {
    const { arrive } = speakFor('p');
    arrive(room.owner.memberId);
    await room.pass(HEARTBEAT);
    room.faulty.failCommands = 3;
    const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await room.pass(HEARTBEAT + 3 * RETRY);
    expect(logged).toHaveBeenCalledTimes(3);
    logged.mockRestore();
    expect(heartbeats()).toBe(5);
    expect(await here()).toEqual(of('p', room.owner.memberId));
  });

  it('says that nobody is left once the last has been away long enough and Redis knows', async () => {
    const { presence, told, arrive } = speakFor('p');
    arrive(room.owner.memberId);
    presence.departed(room.owner.memberId);
    await room.pass(AWAY + A_TURN);
    expect(told.empty).toBe(1);
    expect(await here()).toEqual([]);
    await room.pass(10 * HEARTBEAT);
    expect(heartbeats()).toBe(1);
  });

  it('says that the room is gone, and is then silent', async () => {
    const { presence, told, arrive } = speakFor('p');
    arrive(room.owner.memberId);
    await room.command('DEL', `room:{${room.roomId}}`);
    await room.pass(HEARTBEAT);
    expect(told.gone).toBe(1);
    presence.stop();
    await room.pass(10 * HEARTBEAT);
    expect(heartbeats()).toBe(1);
  });

  it('does not count a member who has given the seat up and whose stream is still open', async () => {
    const { told, arrive } = speakFor('p');
    const guest = await room.join();
    arrive(room.owner.memberId);
    arrive(guest.memberId);
    await leaveRoom(room.context, { roomId: room.roomId, tokenHash: hashToken(guest.token) });
    await room.pass(HEARTBEAT);
    expect(await here()).toEqual(of('p', room.owner.memberId));
    expect(told.here).toEqual([null]);
  });

  it('forgets a process that died within a minute, and tells the others by then', async () => {
    const [alive, dead] = [speakFor('alive'), speakFor('dead')];
    const { memberId: guest } = await room.join();
    alive.arrive(room.owner.memberId);
    dead.arrive(guest);
    await room.pass(HEARTBEAT + 2 * GATHER);
    expect(await here()).toEqual([...of('alive', room.owner.memberId), ...of('dead', guest)].sort());
    dead.presence.stop();
    const heard: string[] = [];
    await room.storage.requester.request({
      path: ['subscribe', room.roomId],
      onMessage: (line) => heard.push(line),
      isStreaming: true,
    });
    await room.pass(LEASE);
    expect(await here()).toEqual(of('alive', room.owner.memberId));
    await room.pass(60_000 - LEASE);
    expect(heard.filter((line) => line.includes('presence.changed')).at(-1)).toContain(
      `{"here":["${room.owner.memberId}"]}`,
    );
  });

  it('shortens the lease of those who were here to the time of grace when the process stops', async () => {
    const { presence, arrive } = speakFor('p');
    arrive(room.owner.memberId);
    await room.pass(HEARTBEAT);
    presence.departed(room.owner.memberId);
    await presence.withdraw();
    await room.pass(AWAY - 1);
    expect(await here()).toEqual(of('p', room.owner.memberId));
    await room.pass(1);
    expect(await here()).toEqual([]);
    await room.pass(10 * HEARTBEAT);
    expect(heartbeats()).toBe(2);
  });

  it('learns with every heartbeat what the subscription should have told', async () => {
    const { told, arrive } = speakFor('p');
    arrive(room.owner.memberId);
    await room.pass(HEARTBEAT);
    const newest = await room.say('hello');
    await room.pass(HEARTBEAT);
    expect(told.newest).toEqual(['0-0', newest]);
    expect(told.here).toEqual([null, [room.owner.memberId]]);
  });
});
