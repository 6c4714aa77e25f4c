import { afterAll, describe, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem, type ProblemCode } from '@tests/support/problems';
import { askForStream } from '@tests/support/room-stream';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import {
  cardOf,
  joinSealed,
  newcomer,
  proofOf,
  rekey,
  rekeyTo,
  sealedMessage,
  sealedRoom,
} from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

type Outcome = number | ProblemCode;

const PEOPLE = [
  'nobody',
  'a member of another room',
  'the owner of another room',
  'a member',
  'a member whose seat was moved',
  'the owner',
  'a member who was removed',
  'a member who was removed by a rekey',
  'a member who left',
] as const;
type Person = (typeof PEOPLE)[number];
const GUESTS: readonly Person[] = ['a member', 'a member whose seat was moved'];

/** A sealed room in its second epoch, with everybody in it or around it. */
interface Gathered {
  api: RoomsApi;
  owner: Seat;
  /** A member whose part nobody plays. */
  target: Seat;
  /** The members who are seated, by the ids that they have. */
  seated: readonly { memberId: string }[];
  tokens: Record<Person, string | undefined>;
}

async function gather(api: RoomsApi): Promise<Gathered> {
  const owner = await api.open(sealedRoom());
  const { roomId } = owner;
  const join = (epoch = 0) => joinSealed(api, roomId, epoch);
  const [member, mover, removed, rekeyed, left, target] = [
    await join(),
    await join(),
    await join(),
    await join(),
    await join(),
    await join(),
  ];
  const { memberId, card } = newcomer();
  await mover.join({ memberId, card });
  await owner.remove(removed.memberId);
  await left.leave();
  const seated = [owner, member, { memberId }, target];
  expect((await rekey(api, owner, rekeyTo(1, seated, { remove: rekeyed.memberId }))).status).toBe(200);
  const elsewhere = await api.open(sealedRoom());
  const neighbour = await joinSealed(api, elsewhere.roomId);
  const tokens = {
    nobody: undefined,
    'a member of another room': neighbour.token,
    'the owner of another room': elsewhere.token,
    'a member': member.token,
    'a member whose seat was moved': mover.token,
    'the owner': owner.token,
    'a member who was removed': removed.token,
    'a member who was removed by a rekey': rekeyed.token,
    'a member who left': left.token,
  };
  return { api, owner, target, seated, tokens };
}

type Act = (room: Gathered, token: string | undefined) => Promise<Answer>;
const asking =
  (method: string, path: string, jsonOf?: (room: Gathered) => unknown): Act =>
  (room, token) =>
    room.api.ask(method, `/api/${path}${path.includes('?') ? '&' : '?'}roomId=${room.owner.roomId}`, {
      token,
      ...(jsonOf && { json: jsonOf(room) }),
    });
const joining = (jsonOf: (room: Gathered) => object) =>
  asking('POST', 'room/join', (room) => ({ credentials: 'bearer', ...jsonOf(room) }));

/** Each call, and its outcome for outsiders, guests and the owner. */
const TABLE: [string, Act, outsiders: Outcome, guests: Outcome, owner: Outcome][] = [
  ['joining with the proof, which moves the seat of a member', joining(() => newcomer(1)), 201, 200, 200],
  [
    'joining with a wrong proof',
    joining(() => ({ ...newcomer(1), proof: proofOf(1, 'wrong') })),
    'wrong_key',
    200,
    200,
  ],
  [
    'joining with the proof of the epoch before',
    joining(() => ({ ...newcomer(1), proof: proofOf(0) })),
    'wrong_key',
    200,
    200,
  ],
  ['joining without a proof', joining(() => ({ ...newcomer(1), proof: undefined })), 'invalid_request', 200, 200],
  ['joining with nothing, as one comes back', joining(() => ({})), 'invalid_request', 200, 200],
  [
    'joining under a member’s id',
    joining(({ target }) => ({ ...newcomer(1), memberId: target.memberId })),
    'member_id_taken',
    'member_id_taken',
    'member_id_taken',
  ],
  [
    'asking with a wrong proof whether an id has a seat',
    joining(({ target }) => ({ ...newcomer(1), proof: proofOf(0), memberId: target.memberId })),
    'wrong_key',
    'member_id_taken',
    'member_id_taken',
  ],
  [
    'joining with a card of another epoch',
    joining(() => ({ ...newcomer(1), card: cardOf(0) })),
    'epoch_changed',
    'epoch_changed',
    'epoch_changed',
  ],
  ['giving a card', asking('PATCH', 'members', () => ({ card: cardOf(1, 'anew') })), 'not_a_member', 200, 200],
  [
    'giving a card of the epoch before',
    asking('PATCH', 'members', () => ({ card: cardOf(0, 'anew') })),
    'not_a_member',
    'epoch_changed',
    'epoch_changed',
  ],
  [
    'giving a name',
    asking('PATCH', 'members', () => ({ name: 'Ann' })),
    'invalid_request',
    'invalid_request',
    'invalid_request',
  ],
  [
    'replacing the secret',
    asking('POST', 'room/rekey', ({ seated }) => rekeyTo(2, seated)),
    'not_a_member',
    'not_the_owner',
    200,
  ],
  [
    'replacing it and removing a member',
    asking('POST', 'room/rekey', ({ seated, target }) =>
      rekeyTo(
        2,
        seated.filter(({ memberId }) => memberId !== target.memberId),
        { remove: target.memberId },
      ),
    ),
    'not_a_member',
    'not_the_owner',
    200,
  ],
  [
    'repeating how it was replaced',
    asking('POST', 'room/rekey', () => rekeyTo(1, [])),
    'not_a_member',
    'not_the_owner',
    200,
  ],
  [
    'replacing it for nobody',
    asking('POST', 'room/rekey', () => rekeyTo(2, [])),
    'not_a_member',
    'not_the_owner',
    'members_changed',
  ],
  [
    'skipping an epoch',
    asking('POST', 'room/rekey', () => rekeyTo(3, [])),
    'not_a_member',
    'not_the_owner',
    'epoch_changed',
  ],
  ['reading the epochs', asking('GET', 'epochs'), 'not_a_member', 200, 200],
  ['reading who left', asking('GET', `members?memberId=${'A'.repeat(16)}`), 'not_a_member', 200, 200],
  ['sending', asking('POST', 'messages', () => sealedMessage(300, 1)), 'not_a_member', 201, 201],
  [
    'sending for the epoch before',
    asking('POST', 'messages', () => sealedMessage(300, 0)),
    'not_a_member',
    'epoch_changed',
    'epoch_changed',
  ],
];

const outcomeFor = (person: Person, outsiders: Outcome, guests: Outcome, owner: Outcome): Outcome => {
  if (person === 'the owner') return owner;
  return GUESTS.includes(person) ? guests : outsiders;
};

function expectOutcome(answer: Answer, outcome: Outcome): void {
  if (typeof outcome === 'string') expectProblem(answer, outcome);
  else expect(answer.status).toBe(outcome);
}

describeOnEveryStorage('permissions in a sealed room', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage);
    return { room: await gather(roomsApi(app)), url: app.url };
  };
  afterAll(() => app?.close());

  describe.each(TABLE)('%s', (_, act, outsiders, guests, owner) => {
    it.each(PEOPLE.map((person) => [person, outcomeFor(person, outsiders, guests, owner)] as const))(
      'for %s: %s',
      async (person, outcome) => {
        const { room } = await begin();
        expectOutcome(await act(room, room.tokens[person]), outcome);
      },
    );
  });

  it.each(PEOPLE)('the event stream, for %s', async (person) => {
    const { room, url } = await begin();
    const { roomId } = room.owner;
    const answer = await askForStream(url, { roomId, token: room.tokens[person] });
    expectOutcome(answer, outcomeFor(person, 'not_a_member', 200, 200));
  });

  it('a refusal changes nothing', async () => {
    const { room } = await begin();
    const { owner, tokens } = room;
    const state = async () => {
      const { body } = await owner.look();
      return JSON.stringify([
        { ...Object(body), now: 0 },
        (await owner.members()).body,
        (await owner.epochs()).body,
        await current().command('XRANGE', owner.roomId, '-', '+'),
      ]);
    };
    const before = await state();
    for (const [, act, ...outcomes] of TABLE) {
      for (const person of PEOPLE) {
        if (typeof outcomeFor(person, ...outcomes) === 'string') await act(room, tokens[person]);
      }
    }
    expect(await state()).toBe(before);
  });

  it('no answer contains the proof of the room, its hash or a wrap for somebody else', async () => {
    const { room } = await begin();
    const { owner, tokens } = room;
    const token = tokens['a member'];
    const shown = JSON.stringify([
      (await owner.look()).body,
      (await asking('GET', 'members')(room, token)).body,
      (await asking('GET', 'messages')(room, token)).body,
      (await asking('GET', 'epochs')(room, token)).body,
    ]);
    const { proofHash, wraps } = rekeyTo(1, [owner]);
    for (const secret of [proofOf(0), proofOf(1), proofHash, wraps[owner.memberId]]) {
      expect(secret).toBeDefined();
      expect(shown).not.toContain(secret);
    }
  });

  it('a plain room takes no card, no proof and no rekey from anybody', async () => {
    const { room } = await begin();
    const owner = await room.api.open();
    const plain = { ...room, owner };
    const acts = [
      asking('PATCH', 'members', () => ({ card: cardOf(0) })),
      joining(() => newcomer()),
      asking('POST', 'room/rekey', () => rekeyTo(1, [owner])),
    ];
    for (const act of acts)
      for (const token of [undefined, 'A'.repeat(43), owner.token])
        expectProblem(await act(plain, token), 'invalid_request');
  });
});
