import { afterAll, describe, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { ENDPOINTS, NAMED_FILE, NAMED_MESSAGE, OPERATOR_ENDPOINTS, pathOf } from '@tests/support/endpoints';
import { expectProblem, type ProblemCode } from '@tests/support/problems';
import { askForStream } from '@tests/support/room-stream';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

type Outcome = number | ProblemCode;

const PEOPLE = [
  'nobody',
  'someone with a made-up token',
  'a member of another room',
  'the owner of another room',
  'a member',
  'the owner',
  'a removed member',
  'a member who left',
  'the former owner',
] as const;
type Person = (typeof PEOPLE)[number];

const OUTSIDERS: readonly Person[] = PEOPLE.filter((person) => person !== 'a member' && person !== 'the owner');
const forAll = (people: readonly Person[], outcome: Outcome) =>
  Object.fromEntries(people.map((person) => [person, outcome]));
const outcomes = (outsiders: Outcome, member: Outcome, owner: Outcome): Record<string, Outcome> => ({
  ...forAll(OUTSIDERS, outsiders),
  'a member': member,
  'the owner': owner,
});

/** The outcome of each call of the contract for outsiders, members and the owner. */
const TABLE: Record<string, Record<string, Outcome>> = {
  'POST /api/room': outcomes(201, 201, 201),
  'GET /api/health': outcomes(200, 200, 200),
  'GET /api/room': outcomes(200, 200, 200),
  'POST /api/room/join': outcomes(201, 200, 200),
  'POST /api/room/leave': outcomes('not_a_member', 204, 204),
  'DELETE /api/room': outcomes('not_a_member', 'not_the_owner', 204),
  'PATCH /api/room': outcomes('not_a_member', 'not_the_owner', 200),
  // In a sealed room: the owner's names nobody.
  'POST /api/room/rekey': outcomes('not_a_member', 'not_the_owner', 'members_changed'),
  'GET /api/epochs': outcomes('not_a_member', 200, 200),
  'GET /api/members': outcomes('not_a_member', 200, 200),
  'PATCH /api/members': outcomes('not_a_member', 200, 200),
  'DELETE /api/members': outcomes('not_a_member', 'not_the_owner', 204),
  'GET /api/messages': outcomes('not_a_member', 200, 200),
  'POST /api/messages': outcomes('not_a_member', 201, 201),
  'DELETE /api/messages': outcomes('not_a_member', 'not_the_author', 204),
  'POST /api/signals': outcomes('not_a_member', 204, 204),
  'POST /api/room/extension': outcomes('not_a_member', 'cannot_extend', 'cannot_extend'),
  'POST /api/room/owner': outcomes('not_a_member', 'not_the_owner', 200),
  'POST /api/whispers': outcomes('not_a_member', 'member_away', 'member_away'),
  'GET /api/knocks': outcomes('not_a_member', 'not_the_owner', 200),
  'POST /api/knocks': outcomes('not_a_member', 'not_the_owner', 'not_found'),
  'POST /api/files': outcomes('not_a_member', 201, 201),
  'GET /api/files': outcomes('not_a_member', 200, 200),
  'DELETE /api/files': outcomes('not_a_member', 'not_the_author', 204),
  'PUT /api/files/piece': outcomes('not_a_member', 'not_the_author', 'not_the_author'),
  'GET /api/files/piece': outcomes('not_a_member', 200, 200),
  // Of a public room its members may: tests/integration/reports.test.ts.
  'POST /api/reports': outcomes('not_a_member', 'lobby_off', 'lobby_off'),
  'GET /api/lobby': outcomes(200, 200, 200),
  // Without a token in the settings.
  'GET /api/reports': outcomes('not_found', 'not_found', 'not_found'),
  'DELETE /api/reports': outcomes('not_found', 'not_found', 'not_found'),
  'GET /api/realtime': outcomes('not_a_member', 200, 200),
};

function expectOutcome(answer: Answer, outcome: Outcome): void {
  if (typeof outcome === 'string') expectProblem(answer, outcome);
  else expect(answer.status).toBe(outcome);
}

/** A room with everybody in it or around it. `target` is a member whose part nobody plays, and who has said something. */
async function gather(
  api: RoomsApi,
  sealed = false,
): Promise<{ room: Seat; target: Seat; tokens: Record<Person, string | undefined> }> {
  const former = await api.open(sealed ? sealedRoom() : {});
  const { roomId } = former;
  const join = () => (sealed ? joinSealed(api, roomId) : api.join(roomId));
  const owner = await join();
  const [member, removed, left, target] = [await join(), await join(), await join(), await join()];
  await target.send({ id: NAMED_MESSAGE, ...(sealed && sealedMessage()) });
  await target.beginFile({ id: NAMED_FILE, bytes: 40, pieces: 1 });
  await target.putPiece(NAMED_FILE, 0, new Uint8Array(40));
  await former.leave();
  await owner.remove(removed.memberId);
  await left.leave();
  const elsewhere = await api.open();
  const neighbour = await api.join(elsewhere.roomId);
  const tokens = {
    nobody: undefined,
    'someone with a made-up token': 'A'.repeat(43),
    'a member of another room': neighbour.token,
    'the owner of another room': elsewhere.token,
    'a member': member.token,
    'the owner': owner.token,
    'a removed member': removed.token,
    'a member who left': left.token,
    'the former owner': former.token,
  };
  return { room: owner, target, tokens };
}

describeOnEveryStorage('permissions', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage, { publicRooms: true });
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => app?.close());

  /** The same credential in both ways in which it can be sent; a cookie belongs to the room of the request. */
  const credentials = (roomId: string, token: string | undefined) =>
    token === undefined ? [{}] : [{ token }, { headers: { cookie: `other=1; mayfly_${roomId}=${token}; last=2` } }];

  describe.each([...ENDPOINTS, ...OPERATOR_ENDPOINTS])('$method $path', (endpoint) => {
    const row = TABLE[`${endpoint.method} ${endpoint.path}`] ?? {};

    it.each(PEOPLE.map((person) => [person, row[person] ?? 'not_found'] as const))(
      'for %s: %s',
      async (person, outcome) => {
        const { api } = await begin();
        const { room, target, tokens } = await gather(api, endpoint.path === '/api/room/rekey');
        const [first, ...others] = credentials(room.roomId, tokens[person]);
        const ask = (question: object) =>
          api.ask(endpoint.method, pathOf(endpoint, room.roomId, target.memberId), {
            json: endpoint.json,
            ...question,
          });
        expectOutcome(await ask(first ?? {}), outcome);
        // A call that was not refused may have changed the caller's role.
        if (typeof outcome === 'string') for (const other of others) expectOutcome(await ask(other), outcome);
      },
    );
  });

  it.each(PEOPLE.map((person) => [person, TABLE['GET /api/realtime']?.[person] ?? 'not_found'] as const))(
    'the event stream, for %s: %s',
    async (person, outcome) => {
      const { api, url } = await begin();
      const { room, tokens } = await gather(api);
      expectOutcome(await askForStream(url, { roomId: room.roomId, token: tokens[person] }), outcome);
    },
  );

  it('a refusal changes nothing', async () => {
    const { api } = await begin();
    const { room, target, tokens } = await gather(api);
    const state = async () =>
      JSON.stringify([
        (await room.members()).body,
        (await room.history()).body,
        (await room.readFile(NAMED_FILE)).body,
      ]);
    const before = await state();
    for (const person of OUTSIDERS) {
      for (const endpoint of ENDPOINTS) {
        if (TABLE[`${endpoint.method} ${endpoint.path}`]?.[person] !== 'not_a_member') continue;
        await api.ask(endpoint.method, pathOf(endpoint, room.roomId, target.memberId), {
          json: endpoint.json,
          token: tokens[person],
        });
      }
    }
    expect(await state()).toBe(before);
  });

  it('no answer contains the token of another member, nor its stored hash', async () => {
    const { api } = await begin();
    const { room, tokens } = await gather(api);
    await room.send();
    const shown = JSON.stringify([(await room.members()).body, (await room.look()).body, (await room.history()).body]);
    expect(shown).not.toMatch(/[A-Za-z0-9_-]{43}/);
    for (const token of Object.values(tokens)) if (token !== undefined) expect(shown).not.toContain(token);
  });
});
