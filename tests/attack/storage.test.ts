import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LONG } from './support/form';
import { recorderOf } from './support/report';
import { expectUnharmed, setScene, underAttack } from './support/scene';
import { startVictim } from './support/victim';
import { type Answer, LARGE, newVisitor, type Seat, SHORT, tally, inWords, type Visitor } from './support/visitor';

const ROOMS_PER_ADDRESS_LIVING = 30;
const STATUSES_OF_A_FULL_SERVER = [503, 0];
/** More than enough, however much a member may say at once. Seats that are not needed send nothing. */
const ADDRESSES_MAX = 24;
const SEATS_A_ROOM = 5;
/** How many messages one member may send at once. Beyond that, a filler would only wait. */
const AT_ONCE = 30;

/** Each uses half a megabyte in ten seconds; together they would hold more than the address's 4 MB. */
const ROOMS_OF_A_HOARDER = 12;

/** Opens a room for this visitor with `SEATS_A_ROOM` seats, all taken from the same address. */
async function openFull(visitor: Visitor): Promise<Seat[]> {
  const owner = await visitor.open();
  const seats = [owner];
  while (seats.length < SEATS_A_ROOM) seats.push(await visitor.join(owner.roomId));
  return seats;
}

/** Has each seat send the largest messages until `isEnough` accepts an answer or the seat's rate is spent. */
async function pour(seats: readonly Seat[], isEnough: (answer: Answer) => boolean): Promise<Answer[]> {
  const pouring = seats.map(async (seat) => {
    const answers: Answer[] = [];
    for (let sent = 0; sent < AT_ONCE; sent += 1) {
      const answer = await seat.send(LARGE);
      answers.push(answer);
      if (isEnough(answer) || answer.status !== 201) break;
    }
    return answers;
  });
  return (await Promise.all(pouring)).flat();
}

test('one address has thirty living rooms and no more, and the next address has its own thirty', async () => {
  const { url } = await startVictim();
  const maker = newVisitor(url);
  const made: Answer[] = [];
  for (let room = 0; room < 2 * ROOMS_PER_ADDRESS_LIVING; room += 1)
    made.push(await maker.ask('POST', '/api/room', { json: {} }));
  const next = await newVisitor(url).ask('POST', '/api/room', { json: {} });
  const record = recorderOf('an address makes rooms in a loop');
  record('rooms were answered', inWords(tally(made)));
  record('then a room from elsewhere', String(next.status));
  expect.soft(tally(made)).toEqual({ 201: ROOMS_PER_ADDRESS_LIVING, 429: ROOMS_PER_ADDRESS_LIVING });
  expect.soft(next.status).toBe(201);
});

test('a storage that several addresses have filled takes no new room, and existing rooms go on', async () => {
  const scene = await setScene('addresses fill a storage of 8 MB', { settings: { STORAGE_MAX_MB: '8' } });
  const {
    victim: { url },
    conversation,
  } = scene;
  const isFull = ({ code }: Answer) => code === 'storage_full';
  const poured: Answer[] = [];
  const rooms: Seat[][] = [];
  for (let address = 0; address < ADDRESSES_MAX; address += 1) {
    const seats = await openFull(newVisitor(url));
    rooms.push(seats);
    poured.push(...(await pour(seats, isFull)));
    if (poured.some(isFull)) break;
  }
  const refused = await newVisitor(url).ask('POST', '/api/room', { json: {} });
  const { owner, member } = conversation.attacked;
  const goesOn = [
    await member.as('GET', 'messages?limit=10'),
    await member.as('GET', 'members'),
    await owner.as('PATCH', 'room', { locked: true }),
  ].map(({ status }) => status);
  for (const [maker] of rooms) await maker?.as('DELETE', 'room');
  const again = await newVisitor(url).ask('POST', '/api/room', { json: {} });
  // Senders who were refused while the storage was full can send again.
  const outcome = await underAttack(scene, () => pause(1_000));
  scene.record('large messages were answered', inWords(tally(poured)));
  scene.record('then a new room', `${refused.status} ${refused.code ?? ''}`.trim());
  scene.record('then history, members and lock of a room that exists', goesOn.join(', '));
  scene.record('a new room once the fillers’ are gone', String(again.status));
  expect.soft(refused).toMatchObject({ status: 503, code: 'storage_full' });
  expect.soft(goesOn).toEqual([200, 200, 200]);
  expect.soft(again.status).toBe(201);
  expectUnharmed(outcome);
});

test.runIf(LONG)(
  'an address that has stored its megabytes can send only short messages, and the next address is not affected',
  async () => {
    const scene = await setScene('an address stores more than 4 MB', { settings: { STORAGE_MAX_MB: '16' } });
    const {
      victim: { url },
    } = scene;
    const hoarder = newVisitor(url);
    const poured: Answer[] = [];
    const outcome = await underAttack(scene, async () => {
      // An address that has stored its bytes makes no rooms either.
      for (let room = 0; room < ROOMS_OF_A_HOARDER; room += 1) {
        const seats = await openFull(hoarder).catch(() => null);
        if (seats === null) break;
        poured.push(...(await pour(seats, ({ status }) => STATUSES_OF_A_FULL_SERVER.includes(status))));
      }
    });
    const refusedRoom = await hoarder.ask('POST', '/api/room', { json: {} });
    // These seats have sent nothing, so no rate but the address's own can refuse them.
    const elsewhere = newVisitor(url);
    const room = await elsewhere.open();
    const hoarders = await hoarder.join(room.roomId);
    const [large, short, others] = [await hoarders.send(LARGE), await hoarders.send(SHORT), await room.send(LARGE)];
    scene.record('large messages were answered', inWords(tally(poured)));
    scene.record(
      'then its large message, its short one, a large one from elsewhere',
      [large, short, others].map(({ status }) => status).join(', '),
    );
    expectUnharmed(outcome);
    expect.soft([large, short, others].map(({ status }) => status)).toEqual([429, 201, 201]);
    expect.soft(refusedRoom.status).toBe(429);
  },
);
