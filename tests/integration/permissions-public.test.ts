import { afterAll, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { knock, whoWaits } from '@tests/support/doors';
import { ENDPOINTS, NAMED_FILE, NAMED_MESSAGE, OPERATOR_ENDPOINTS, pathOf } from '@tests/support/endpoints';
import { expectProblem, type ProblemCode } from '@tests/support/problems';
import { askForStream } from '@tests/support/room-stream';
import { type Answer, read, roomsApi, type Seat, SENDER } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

type Outcome = number | ProblemCode;

const OPERATOR = 'operator-token-0123456789';

const OUTSIDERS = [
  'nobody',
  'someone with a made-up token',
  'a member of another room',
  'the owner of another room',
  'a removed member',
  'a member who left',
  'the former owner, who left',
  'somebody waiting at the door',
  'somebody refused at the door',
  'the operator',
] as const;
type Person = (typeof OUTSIDERS)[number] | 'a member' | 'the former owner, who stays' | 'the owner';

/** What everybody without a seat may do, what guests may, and what the owner may; then the people who get another answer. */
type Row = readonly [outsiders: Outcome, guests: Outcome, owner: Outcome, others?: Partial<Record<Person, Outcome>>];

interface Act {
  readonly method: string;
  readonly path: (ground: Ground) => string;
  readonly json?: (ground: Ground) => object;
}

/** A public room whose owner lets people in. */
interface Ground {
  room: Seat;
  /** A member whose part nobody plays, and who has said something. */
  target: Seat;
  knockId: string;
  tokens: Record<Person, string | undefined>;
}

const TABLE: Record<string, Row> = {
  'POST /api/room': [201, 201, 201],
  'GET /api/health': [200, 200, 200],
  'GET /api/room': [200, 200, 200],
  'POST /api/room/join': [202, 200, 200, { 'a removed member': 'refused', 'somebody refused at the door': 'refused' }],
  'POST /api/room/leave': ['not_a_member', 204, 204],
  'DELETE /api/room': ['not_a_member', 'not_the_owner', 204],
  'PATCH /api/room': ['not_a_member', 'not_the_owner', 200],
  // A plain room has no secret.
  'POST /api/room/rekey': ['invalid_request', 'invalid_request', 'invalid_request'],
  'GET /api/epochs': ['not_a_member', 200, 200],
  'GET /api/members': ['not_a_member', 200, 200],
  'PATCH /api/members': ['not_a_member', 200, 200],
  'DELETE /api/members': ['not_a_member', 'not_the_owner', 204],
  'GET /api/messages': ['not_a_member', 200, 200],
  'POST /api/messages': ['not_a_member', 201, 201],
  'DELETE /api/messages': ['not_a_member', 'not_the_author', 204],
  'POST /api/signals': ['not_a_member', 204, 204],
  'POST /api/room/extension': ['not_a_member', 'cannot_extend', 'cannot_extend'],
  'POST /api/room/owner': ['not_a_member', 'not_the_owner', 200],
  'POST /api/whispers': ['not_a_member', 'member_away', 'member_away'],
  'GET /api/knocks': ['not_a_member', 'not_the_owner', 200],
  'POST /api/knocks': ['not_a_member', 'not_the_owner', 'not_found'],
  // Public rooms take no new ones.
  'POST /api/files': ['not_a_member', 'file_too_large', 'file_too_large'],
  'GET /api/files': ['not_a_member', 200, 200],
  'DELETE /api/files': ['not_a_member', 'not_the_author', 204],
  'PUT /api/files/piece': ['not_a_member', 'not_the_author', 'not_the_author'],
  'GET /api/files/piece': ['not_a_member', 200, 200],
  'POST /api/reports': ['not_a_member', 204, 204],
  'GET /api/lobby': [200, 200, 200],
  'GET /api/reports': ['not_a_member', 'not_a_member', 'not_a_member', { 'the operator': 200 }],
  'DELETE /api/reports': ['not_a_member', 'not_a_member', 'not_a_member', { 'the operator': 204 }],
};

const ofRoom = ({ room }: Ground, path: string) => `/api/${path}roomId=${room.roomId}`;
const steering = (json: object): Act => ({
  method: 'PATCH',
  path: (ground) => ofRoom(ground, 'room?'),
  json: () => json,
});

/** Calls that say more than those of the list of all do. */
const CLOSER: readonly (readonly [string, Act, Row])[] = [
  ...[
    { entry: 'open' },
    { listed: false },
    { listed: true, topic: 'Another' },
    { topic: 'Another' },
    { language: 'de' },
    { language: null },
    { slowModeSeconds: 5 },
  ].map(
    (json) => [JSON.stringify(json), steering(json), ['not_a_member', 'not_the_owner', 200] satisfies Row] as const,
  ),
  [
    'letting somebody in',
    {
      method: 'POST',
      path: (ground) => ofRoom(ground, `knocks?knockId=${ground.knockId}&`),
      json: () => ({ admit: true }),
    },
    ['not_a_member', 'not_the_owner', 204],
  ],
  [
    'ten minutes more',
    {
      method: 'POST',
      path: (ground) => ofRoom(ground, 'room/extension?'),
      json: ({ room }) => ({ agree: false, expiresAt: room.expiresAt }),
    },
    ['not_a_member', 200, 200],
  ],
  [
    'the report of a sealed room or another, which says nothing of it',
    { method: 'DELETE', path: () => `/api/reports?roomId=${'Z'.repeat(22)}` },
    ['not_a_member', 'not_a_member', 'not_a_member', { 'the operator': 'room_not_found' }],
  ],
];

function expectOutcome(person: Person, answer: Answer, outcome: Outcome): void {
  if (typeof outcome === 'string') expectProblem(answer, outcome);
  else expect([person, answer.status]).toEqual([person, outcome]);
}

describeOnEveryStorage('permissions in a public room at whose door people wait', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<TestApp> =>
    (app ??= await startApp(current().storage, { publicRooms: true, operatorToken: OPERATOR }));
  afterAll(() => app?.close());

  async function gather(): Promise<Ground> {
    const context = await begin();
    let addresses = 0;
    const somewhere = () => {
      addresses += 1;
      return roomsApi(context, { address: `192.0.2.${addresses}` });
    };
    const left = await somewhere().open();
    const { roomId } = left;
    const join = () => somewhere().join(roomId);
    const [former, owner, member, removed, gone, target] = [
      await join(),
      await join(),
      await join(),
      await join(),
      await join(),
      await join(),
    ];
    await target.send({ id: NAMED_MESSAGE });
    await target.beginFile({ id: NAMED_FILE, bytes: 40, pieces: 1 });
    await target.putPiece(NAMED_FILE, 0, new Uint8Array(40));
    await left.leave();
    await former.handOver(owner.memberId);
    await owner.steer({ listed: true, topic: 'Rainy evenings', language: 'en' });
    // The room knows the address of somebody who comes now, because it is listed.
    const pest = await somewhere().join(roomId);
    await owner.remove(pest.memberId);
    await owner.remove(removed.memberId);
    await gone.leave();
    await owner.steer({ entry: 'knock' });
    const waiting = await knock(somewhere(), roomId, { name: 'Quiet Otter' });
    const refused = await knock(somewhere(), roomId, { name: 'Loud Fox' });
    await owner.answerKnock(refused.knockId, false);
    await somewhere().ask('POST', `/api/reports?roomId=${roomId}`, { token: target.token });
    const elsewhere = await somewhere().open();
    const neighbour = await somewhere().join(elsewhere.roomId);
    return {
      room: owner,
      target,
      knockId: waiting.knockId,
      tokens: {
        nobody: undefined,
        'someone with a made-up token': 'A'.repeat(43),
        'a member of another room': neighbour.token,
        'the owner of another room': elsewhere.token,
        'a removed member': pest.token,
        'a member who left': gone.token,
        'the former owner, who left': left.token,
        'somebody waiting at the door': waiting.token,
        'somebody refused at the door': refused.token,
        'the operator': OPERATOR,
        'a member': member.token,
        'the former owner, who stays': former.token,
        'the owner': owner.token,
      },
    };
  }

  /** The address that the removed member came from. Everybody else comes from one of their own. */
  const addressOf = (person: Person): string => (person === 'a removed member' ? '192.0.2.8' : '203.0.113.1');

  async function askAs(person: Person, ground: Ground, { method, path, json }: Act): Promise<Answer> {
    const context = await begin();
    const question = { token: ground.tokens[person], json: json?.(ground) };
    // The operator’s calls go to the server with the setting.
    if (/^\/api\/reports/.test(path(ground)) && method !== 'POST')
      return read(await context.call(method, path(ground), question));
    return roomsApi(context, { address: addressOf(person) }).ask(method, path(ground), question);
  }

  const outcomeFor = (person: Person, [outsiders, guests, owner, others = {}]: Row): Outcome => {
    const asAll = person === 'the owner' ? owner : OUTSIDERS.some((one) => one === person) ? outsiders : guests;
    return others[person] ?? asAll;
  };
  /** Those who change nothing first, and the owner, whose call may end it all, last. */
  const inTurn: readonly Person[] = [...OUTSIDERS, 'a member', 'the former owner, who stays', 'the owner'];

  const calls = [...ENDPOINTS, ...OPERATOR_ENDPOINTS].map((endpoint) => {
    const name = `${endpoint.method} ${endpoint.path}`;
    const json = endpoint.path === '/api/room/join' ? { name: SENDER } : endpoint.json;
    const act: Act = {
      method: endpoint.method,
      path: ({ room, target }) => pathOf(endpoint, room.roomId, target.memberId),
      ...(json && { json: () => json }),
    };
    return [name, act, TABLE[name] ?? expect.fail(`${name} is not in the table`)] as const;
  });

  it.each([...calls, ...CLOSER])('%s', async (_, act, row) => {
    const ground = await gather();
    for (const person of inTurn) expectOutcome(person, await askAs(person, ground, act), outcomeFor(person, row));
  });

  it('the event stream', async () => {
    const { url } = await begin();
    const { room, tokens } = await gather();
    for (const person of inTurn) {
      const outcome = outcomeFor(person, ['not_a_member', 200, 200]);
      expectOutcome(person, await askForStream(url, { roomId: room.roomId, token: tokens[person] }), outcome);
    }
  });

  it('a refusal changes nothing, whoever was refused', async () => {
    const ground = await gather();
    const { room } = ground;
    const state = async () => {
      const { now: _now, ...looked } = (await room.look()).body as Record<string, unknown>;
      return JSON.stringify([
        looked,
        (await room.members()).body,
        (await room.history()).body,
        await whoWaits(room),
        (await room.readFile(NAMED_FILE)).body,
        await current().command('HGETALL', `room:{${room.roomId}}:reports`),
      ]);
    };
    const before = await state();
    for (const [name, act, row] of [...calls, ...CLOSER])
      for (const person of inTurn)
        if (typeof outcomeFor(person, row) === 'string' && name !== 'POST /api/files') await askAs(person, ground, act);
    expect(await state()).toBe(before);
  });

  it('no knock shows anybody the credential of another, nor its stored hash', async () => {
    const { room, tokens } = await gather();
    const answers = [await room.knocks(), await room.look(), await room.members(), await room.history()];
    const shown = JSON.stringify(answers.map(({ body }) => body));
    expect(shown).not.toMatch(/[A-Za-z0-9_-]{43}/);
    for (const token of Object.values(tokens)) if (token !== undefined) expect(shown).not.toContain(token);
  });
});
