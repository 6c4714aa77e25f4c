import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RoomError } from '@/domain/errors';
import {
  MESSAGE_BYTES_PER_MEMBER,
  MESSAGE_BYTES_PER_ROOM,
  MESSAGES_KEPT_PER_SEAT_MAX,
  MESSAGES_PER_MEMBER,
  MESSAGES_PER_ROOM,
  PAGE_BYTES_MAX,
  ROOM_BYTES_MAX,
  ROOM_MESSAGES_MAX,
} from '@/domain/limits';
import { hashToken, newMemberId, newMessageId, newToken } from '@/server/auth/tokens';
import { openRoom } from '@/server/services/open-room';
import { appendMessage } from '@/server/storage/messages';
import { giveUpSeat, takeSeat } from '@/server/storage/seats';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

describe('the shares of a room', () => {
  const MESSAGES = 40;
  const SEATS = 4;
  const QUARTER = MESSAGES / 4;
  const KEPT = Math.floor(QUARTER / SEATS);

  /** Whether a member may send, derived only from the definition: a room of 40 messages and four seats. */
  function oracle() {
    const used: number[] = [];
    const seats = new Map<string, number>();
    const left = { total: 0, byOwners: 0 };
    const keptFor = (seat: number) => Math.max(0, KEPT - (used[seat] ?? 0));
    return {
      sit: (member: string) => {
        const taken = new Set(seats.values());
        const free = Array.from({ length: SEATS }, (_, seat) => seat).filter((seat) => !taken.has(seat));
        free.sort((one, other) => (used[one] ?? 0) - (used[other] ?? 0));
        if (free[0] !== undefined) seats.set(member, free[0]);
      },
      standUp: (member: string) => seats.delete(member),
      send: (member: string, owner: string): boolean => {
        const seat = seats.get(member) ?? 0;
        const others = Array.from({ length: SEATS }, (_, other) => other).filter(
          (other) => other !== seat && other !== seats.get(owner),
        );
        const forOthers = others.reduce((sum, other) => sum + keptFor(other), 0);
        const forOwner = member === owner ? 0 : Math.max(0, QUARTER - left.byOwners);
        const fits =
          left.total + 1 + forOthers + forOwner <= MESSAGES && (member === owner || (used[seat] ?? 0) + 1 <= QUARTER);
        if (!fits) return false;
        left.total += 1;
        if (member === owner) left.byOwners += 1;
        else used[seat] = (used[seat] ?? 0) + 1;
        return true;
      },
    };
  }

  it('are as defined, whoever sends, leaves and comes', async () => {
    const { storage } = clockedStorage();
    const app = await startApp(storage);
    const act = fc.record({
      act: fc.constantFrom('send', 'send', 'send', 'send', 'send', 'join', 'leave'),
      who: fc.nat(SEATS - 1),
      times: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 60 }), async (acts) => {
        const { room, seat, token } = await openRoom(app.context, { lifetimeMs: 60_000, maxMembers: SEATS });
        const { roomId } = room;
        const members = [{ memberId: seat.memberId, token }];
        const expected = oracle();
        expected.sit(seat.memberId);
        for (const { act: what, who, times } of acts) {
          const member = members[who % Math.max(1, members.length)];
          if (what === 'join' && members.length < SEATS) {
            const next = { memberId: newMemberId(), token: newToken() };
            const { status } = await takeSeat(storage.redis, {
              roomId,
              tokenHash: '',
              addressHash: '',
              newMemberId: next.memberId,
              newTokenHash: hashToken(next.token),
              proofHash: '',
              memberId: '',
              cardJson: '',
              cardEpoch: 0,
              nameJson: '',
              newKnockId: '',
              mayKnock: false,
              askingGapMs: 0,
              movePace: null,
              bytesMax: ROOM_BYTES_MAX,
              seatsMax: 5_000,
              ghostAfterMs: 300_000,
              unusedAfterMs: 30_000,
              ghostSeatsMin: 3,
              waitedGapMs: 0,
            });
            expect(status).toBe('joined');
            members.push(next);
            expected.sit(next.memberId);
          } else if (what === 'leave' && member !== undefined && members.length > 1) {
            await giveUpSeat(storage.redis, { roomId, tokenHash: hashToken(member.token), requestId: 'request' });
            members.splice(members.indexOf(member), 1);
            expected.standUp(member.memberId);
          } else if (what === 'send' && member !== undefined) {
            for (let time = 0; time < times; time += 1) {
              const sending = appendMessage(storage.redis, {
                roomId,
                tokenHash: hashToken(member.token),
                messageId: newMessageId(),
                epoch: '',
                senderJson: '"x"',
                textJson: '"y"',
                aboutKind: '',
                aboutId: '',
                fileId: '',
                fileJson: '',
                fileBytes: 0,
                filePieceCount: 0,
                fitsSealed: false,
                fitsPlain: true,
                messagesMax: MESSAGES,
                bytesMax: 1_000_000,
                memberRate: null,
                roomRate: null,
                memberBytes: null,
                roomBytes: null,
                keptPerSeatMax: 5,
                storageFull: false,
                addressWaitMs: 0,
              });
              const status = await sending.then(
                (appended) => appended.status,
                (refusal: unknown) => (refusal instanceof RoomError ? refusal.reason : refusal),
              );
              expect(status).toBe(
                expected.send(member.memberId, members[0]?.memberId ?? '') ? 'sent' : 'message_limit_reached',
              );
            }
          }
        }
      }),
      { numRuns: 150 },
    );
    await app.close();
  });
});

describe('the byte rate of a room', () => {
  it('holds large messages of many members to 512 kB in ten seconds, and each seat has those that are kept for it', async () => {
    const { storage, clock, command } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom());
    const crowd = await Promise.all(Array.from({ length: 8 }, () => joinSealed(api, owner.roomId)));
    const quiet = await joinSealed(api, owner.roomId);
    const large = sealedMessage(11_006);
    const bytes = async () => Number(await command('HGET', `room:{${owner.roomId}}`, 'bytes'));
    const before = await bytes();
    expect((await owner.send(large)).status).toBe(201);
    const one = (await bytes()) - before;
    clock.ms += MESSAGE_BYTES_PER_ROOM.windowMs;

    // Neither a member's own rates nor the number of the room's messages would refuse any of these.
    const each = Math.floor(MESSAGE_BYTES_PER_MEMBER.max / one);
    expect(each).toBeLessThan(MESSAGES_PER_MEMBER.max);
    expect(each * crowd.length).toBeLessThan(MESSAGES_PER_ROOM.max);
    const sendAll = async () => {
      const answers = [];
      for (let time = 0; time < each; time += 1) for (const seat of crowd) answers.push(await seat.send(large));
      const refused = answers.filter(({ status }) => status !== 201);
      for (const answer of refused) expectProblem(answer, 'rate_limited');
      return answers.length - refused.length;
    };
    const inRoom = Math.floor(MESSAGE_BYTES_PER_ROOM.max / one);
    expect(await sendAll()).toBe(inRoom);
    for (let time = 0; time < MESSAGES_KEPT_PER_SEAT_MAX; time += 1) expect((await quiet.send(large)).status).toBe(201);
    expectProblem(await quiet.send(large), 'rate_limited');
    expect((await owner.send(large)).status).toBe(201);

    clock.ms += MESSAGE_BYTES_PER_ROOM.windowMs;
    expect(await sendAll()).toBe(inRoom);
    await app.close();
  });
});

describeOnEveryStorage('nobody silences a room', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits = false) => {
    const app = await startApp(current().storage, { rateLimits });
    apps.push(app);
    return roomsApi(app);
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));
  const fill = (seat: Seat, fields: Record<string, number>) =>
    current().command('HSET', `room:{${seat.roomId}}:used`, ...Object.entries(fields).flat());
  const total = (seat: Seat, fields: Record<string, number>) =>
    current().command('HSET', `room:{${seat.roomId}}`, ...Object.entries(fields).flat());

  it.each([
    ['messages', ROOM_MESSAGES_MAX, 1],
    ['bytes', ROOM_BYTES_MAX, 300],
  ])('a guest’s %s end at a quarter of the room’s, and the others go on', async (what, max, one) => {
    const api = await begin();
    const owner = await api.open();
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    await fill(guest, { [`${what}:2`]: max / 4 - one, [`kept:${what}`]: Math.floor(max / 40) });
    await total(guest, { [what]: max / 4 - one });
    expect((await guest.send({ id: 'the-same-id' })).status).toBe(201);
    expectProblem(await guest.send({ text: 'x'.repeat(500) }), 'message_limit_reached');
    expect((await guest.send({ id: 'the-same-id' })).status).toBe(200);
    for (const seat of [owner, other]) expect((await seat.send({ text: 'x'.repeat(500) })).status).toBe(201);
  });

  it('a seat that is given to somebody else keeps count of its use, and a newcomer gets the seat that has used the least', async () => {
    const api = await begin();
    const owner = await api.open({ maxMembers: 3 });
    const [greedy, modest] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    await fill(greedy, { 'messages:2': ROOM_MESSAGES_MAX / 4, 'kept:messages': Math.floor(ROOM_MESSAGES_MAX / 12) });
    await total(greedy, { messages: ROOM_MESSAGES_MAX / 4 });
    expectProblem(await greedy.send(), 'message_limit_reached');
    await greedy.leave();
    await modest.leave();
    const first = await api.join(owner.roomId);
    expect((await first.send()).status).toBe(201);
    const second = await api.join(owner.roomId);
    expectProblem(await second.send(), 'message_limit_reached');
    expect((await second.rename('Newcomer')).status).toBe(200);
  });

  it('when guests have used all that they may, a quarter is left to the owner and each seat has its part', async () => {
    const api = await begin();
    const owner = await api.open({ maxMembers: 5 });
    const guests = [
      await api.join(owner.roomId),
      await api.join(owner.roomId),
      await api.join(owner.roomId),
      await api.join(owner.roomId),
    ];
    const [first, , , last] = guests;
    const kept = ROOM_MESSAGES_MAX / 20;
    // Three guests at their limit would use three quarters, but the owner's quarter and the fourth guest's part stop
    // them earlier.
    const left = ROOM_MESSAGES_MAX - ROOM_MESSAGES_MAX / 4 - kept - 2 * (ROOM_MESSAGES_MAX / 4);
    await fill(owner, {
      'messages:2': left - 1,
      'messages:3': ROOM_MESSAGES_MAX / 4,
      'messages:4': ROOM_MESSAGES_MAX / 4,
      'kept:messages': 3 * kept,
    });
    await total(owner, { messages: ROOM_MESSAGES_MAX - ROOM_MESSAGES_MAX / 4 - kept - 1 });
    expect((await first?.send())?.status).toBe(201);
    expectProblem((await first?.send()) ?? (await owner.look()), 'message_limit_reached');
    for (let index = 0; index < 20; index += 1) expect((await last?.send())?.status).toBe(201);
    for (let index = 0; index < 20; index += 1) expect((await owner.send()).status).toBe(201);
  });

  it('five members who send at the highest rate leave the others their part, with limits on', async () => {
    const api = await begin(true);
    const owner = await api.open(sealedRoom());
    const crowd = await Promise.all(Array.from({ length: 5 }, () => joinSealed(api, owner.roomId)));
    const quiet = await joinSealed(api, owner.roomId);
    const large = sealedMessage(5_623);
    const small = sealedMessage(240);
    const answers = await Promise.all(
      crowd.flatMap((seat) => Array.from({ length: 40 }, (_, index) => seat.send(index % 2 === 0 ? large : small))),
    );
    for (const answer of answers.filter(({ status }) => status !== 201)) expectProblem(answer, 'rate_limited');
    for (let index = 0; index < 3; index += 1) expect((await quiet.send(small)).status).toBe(201);
    for (let index = 0; index < 20; index += 1) expect((await owner.send(small)).status).toBe(201);
  });

  it('messages that passed without waiting do not count against the others once the flood has ended', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom({ maxMembers: 60, lifetimeSeconds: 3_600 }));
    const crowd = await Promise.all(Array.from({ length: 58 }, () => joinSealed(api, owner.roomId)));
    const quiet = await joinSealed(api, owner.roomId);
    for (let round = 0; round < 12; round += 1) {
      for (const seat of crowd) await seat.send(sealedMessage(11_006));
      clock.ms += 10_000;
    }
    const answers = [];
    for (let index = 0; index < 10; index += 1) answers.push(await quiet.send(sealedMessage(240)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    await app.close();
  });

  it('a room of ten minutes is never full at the rates that it has', async () => {
    const api = await begin(true);
    const owner = await api.open(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    const large = sealedMessage(11_006);
    const answers = await Promise.all(Array.from({ length: 30 }, () => guest.send(large)));
    const bytes = answers.filter(({ status }) => status === 201).length * 11_200;
    // Sixty times as much as one guest stores in ten seconds is still less than the quarter that it may use.
    expect(bytes * 60).toBeLessThan(ROOM_BYTES_MAX / 4 + 60 * 11_200);
    expectProblem(answers.find(({ status }) => status !== 201) ?? (await owner.look()), 'rate_limited');
  });

  it('a page of history ends at 200 messages and at 256 kB, and the pages together hold every message once', async () => {
    const api = await begin();
    const owner = await api.open(sealedRoom());
    const sizes = [5_503, 120, 2_700, 120, 120];
    for (let index = 0; index < 120; index += 1) {
      await owner.send({
        id: `message-${index}`,
        ...sealedMessage((sizes[index % 3] ?? 120) + (sizes[index % 5] ?? 120)),
      });
    }
    const ids: string[] = [];
    let pages = 0;
    for (let after = '0-0'; ; pages += 1) {
      const { body } = await owner.history(`limit=200&after=${after}`);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(PAGE_BYTES_MAX);
      const page = body as { messages: { id: string; cursor: string }[]; cursor: string };
      if (page.messages.length === 0) break;
      ids.push(...page.messages.map(({ id }) => id));
      after = page.cursor;
    }
    expect(ids).toEqual(Array.from({ length: 120 }, (_, index) => `message-${index}`));
    expect(pages).toBeGreaterThan(2);
  });
});
