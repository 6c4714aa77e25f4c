import { afterAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { SEEN_MEMBERS_MAX, TYPING_MEMBERS_MAX } from '@/domain/limits';
import { ROOM_MEMBERS_MIN } from '@/domain/room-limits';
import { type TestApp, startApp } from '@tests/support/app';
import { type EventStream, listen as listenTo } from '@tests/support/event-stream';
import { expectProblem } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { eventually } from '@tests/support/storage-expectations';
import { joinSealed, newcomer, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const FUTURE = '9999999999999-0';

const membersSchema = z.object({ members: z.array(z.object({ memberId: z.string(), seen: z.optional(z.string()) })) });
const cursorSchema = z.object({ cursor: z.string() });

async function seenBy(seat: Seat): Promise<Record<string, string | undefined>> {
  const { members } = membersSchema.parse((await seat.members()).body);
  return Object.fromEntries(members.map(({ memberId, seen }) => [memberId, seen]));
}

const say = async (seat: Seat) => cursorSchema.parse((await seat.send()).body).cursor;

describeOnEveryStorage('typing and seen', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi> => roomsApi((app ??= await startApp(current().storage)));
  afterAll(() => app?.close());
  const listen = (seat: Seat) => listenTo(app?.url ?? '', seat);
  const signalsOn = (stream: EventStream) => stream.of('member.signals');

  it('a room says by its size which of them it carries, and refuses the others without doing anything', async () => {
    const api = await begin();
    for (const [maxMembers, signals] of [
      [ROOM_MEMBERS_MIN, { typing: true, seen: true }],
      [SEEN_MEMBERS_MAX, { typing: true, seen: true }],
      [SEEN_MEMBERS_MAX + 1, { typing: true, seen: false }],
      [TYPING_MEMBERS_MAX, { typing: true, seen: false }],
      [TYPING_MEMBERS_MAX + 1, { typing: false, seen: false }],
    ] as const) {
      const owner = await api.open({ maxMembers });
      expect((await owner.look()).body).toMatchObject({ signals });
      const stream = await listen(owner);
      const asked = [
        [{ typing: true }, signals.typing],
        [{ typing: false }, signals.typing],
        [{ seen: FUTURE }, signals.seen],
        [{ typing: true, seen: FUTURE }, signals.typing && signals.seen],
      ] as const;
      for (const [signal, isOn] of asked) {
        const answer = await owner.signal(signal);
        if (isOn) expect(answer.status).toBe(204);
        else expectProblem(answer, 'signals_off');
      }
      const last = await say(owner);
      await eventually(() => expect(stream.of('chat.message').map(({ id }) => id)).toEqual([last]));
      if (!signals.typing) expect(signalsOn(stream)).toEqual([]);
      if (!signals.seen) expect(await seenBy(owner)).toEqual({ [owner.memberId]: undefined });
    }
  });

  it.each([
    ['an empty body', {}, ''],
    ['typing that is neither true nor false', { typing: 'yes' }, 'typing'],
    ['seen that is no cursor', { seen: '5' }, 'seen'],
    ['null', { typing: null }, 'typing'],
  ])('%s is 422', async (_, signal, path) => {
    const owner = await (await begin()).open();
    expectProblem(await owner.signal(signal), 'invalid_request', [path]);
  });

  it('what is signalled reaches everybody, also over the other process, and is not in the stream', async () => {
    const api = await begin();
    const other = await startApp(current().storage);
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const [near, far] = [await listen(owner), await listenTo(other.url, guest)];
    const cursor = await say(owner);
    expect((await owner.signal({ typing: true, seen: cursor })).status).toBe(204);
    const { memberId } = owner;
    for (const stream of [near, far])
      await eventually(() =>
        expect(signalsOn(stream)).toMatchObject([
          { id: cursor, data: { typing: [memberId], seen: { [memberId]: cursor } } },
        ]),
      );
    const back = await listenTo(other.url, guest, { lastAck: '0-0' });
    await eventually(() => expect(back.of('chat.message')).toHaveLength(1));
    expect(signalsOn(back)).toEqual([]);
    await other.close();
  });

  it('what is read never goes back, and a cursor of the future counts as the newest', async () => {
    const api = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const [first, second] = [await say(owner), await say(owner)];
    const of = async () => (await seenBy(owner))[guest.memberId];
    expect(await of()).toBeUndefined();
    for (const [seen, expected] of [
      ['0-0', undefined],
      [first, first],
      [second, second],
      [first, second],
      ['0-0', second],
    ]) {
      expect((await guest.signal({ seen })).status).toBe(204);
      expect(await of()).toBe(expected);
    }
    const third = await say(owner);
    for (const seen of [FUTURE, '99999999999999999999-99999999999999999999', `000${third}`]) {
      await guest.signal({ seen });
      expect(await of()).toBe(third);
    }
    expect((await guest.rename('Other')).body).toMatchObject({ seen: third });
  });

  it('a signal that says nothing new is not published', async () => {
    const api = await begin();
    const owner = await api.open();
    const stream = await listen(owner);
    const guest = await api.join(owner.roomId);
    const cursor = await say(owner);
    await owner.signal({ seen: cursor });
    await eventually(() => expect(signalsOn(stream)).toHaveLength(1));
    await owner.signal({ seen: cursor });
    await owner.signal({ typing: false });
    await owner.signal({ seen: '0-0' });
    // Whatever was gathered would be published together with this one.
    await guest.signal({ typing: true });
    await eventually(() => expect(signalsOn(stream)).toHaveLength(2));
    expect(signalsOn(stream).at(-1)).toMatchObject({ data: { typing: [guest.memberId] } });
    expect(JSON.stringify(signalsOn(stream).at(-1))).not.toContain(owner.memberId);
  });

  it('how far somebody has read goes with their seat and with the room', async () => {
    const api = await begin();
    const owner = await api.open();
    const guests = [await api.join(owner.roomId), await api.join(owner.roomId)];
    await say(owner);
    for (const seat of [owner, ...guests]) await seat.signal({ seen: FUTURE });
    const keys = async () => (await keysOf(current())).filter(({ key }) => key.includes(owner.roomId));
    const ofReading = async () =>
      z.array(z.string()).parse(await current().command('HKEYS', `room:{${owner.roomId}}:read-to`));
    expect((await ofReading()).sort()).toEqual([owner, ...guests].map(({ memberId }) => memberId).sort());
    for (const { expiresAt, roomEndsAt } of await keys()) expect(expiresAt).toBe(roomEndsAt);
    await guests[0]?.leave();
    await owner.remove(guests[1]?.memberId ?? '');
    expect(await ofReading()).toEqual([owner.memberId]);
    await owner.destroy();
    expect(await keys()).toEqual([]);
  });

  it('a seat that moves takes along how far its member has read', async () => {
    const api = await begin();
    const owner = await api.open(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    await guest.signal({ seen: FUTURE });
    const read = (await seenBy(owner))[guest.memberId];
    expect(read).toMatch(/^\d+-\d+$/);
    const moved = newcomer();
    expect((await guest.join(moved)).status).toBe(200);
    const seen = await seenBy(owner);
    expect(Object.keys(seen)).not.toContain(guest.memberId);
    expect(seen[z.string().parse(moved.memberId)]).toBe(read);
  });
});
