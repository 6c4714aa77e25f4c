import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ROOM_MEMBERS_MAX } from '@/domain/room-limits';
import { randomFile, type TestFile } from '@tests/support/files';
import { ATTACK_MS, LONG } from './support/form';
import { headOf, openSocket, requestOf } from './support/raw-socket';
import { expectUnharmed, type Scene, setScene, underAttack } from './support/scene';
import { newVisitor, type Seat } from './support/visitor';

const FILE_BYTES = 10 * 1_048_576;
const READERS = 50;
/** Of the file's forty. */
const PIECES_READ = LONG ? 40 : 20;
/** How many pieces a reader asks for at once, of which two get their turn: together a quarter of a gigabyte. */
const AT_ONCE = 20;
/** Connections of one reader who reads nothing. */
const UNREAD_CONNECTIONS = 6;
const SLOW_ADDRESSES = 2;
const SLOW_CONNECTIONS = 40;
const SLOW_STEP_MS = 100;

const pathOf = ({ roomId }: Seat, { id }: TestFile, index: number) =>
  `/api/files/piece?roomId=${roomId}&fileId=${id}&index=${index}`;
const headersOf = ({ token, visitor: { address } }: Seat) => ({
  authorization: `Bearer ${token}`,
  'x-forwarded-for': address,
});

async function putPiece(url: string, seat: Seat, file: TestFile, index: number): Promise<number> {
  const { status } = await fetch(url + pathOf(seat, file, index), {
    method: 'PUT',
    headers: { ...headersOf(seat), 'content-type': 'application/octet-stream' },
    body: new Uint8Array(file.pieces[index] ?? file.bytes),
  });
  return status;
}

async function upload(url: string, seat: Seat, file: TestFile): Promise<number[]> {
  const statuses = [(await seat.as('POST', 'files', file.beginning)).status];
  for (const index of file.pieces.keys()) statuses.push(await putPiece(url, seat, file, index));
  return statuses;
}

/** A room in which a file of ten megabytes lies, and fifty people from everywhere. */
async function setFileScene(attack: string): Promise<{ scene: Scene; file: TestFile; readers: Seat[] }> {
  const scene = await setScene(attack, { room: { maxMembers: ROOM_MEMBERS_MAX } });
  const { victim, conversation } = scene;
  const { owner } = conversation.attacked;
  const file = randomFile(FILE_BYTES, { sealed: true });
  expect(new Set(await upload(victim.url, owner, file))).toEqual(new Set([201, 204]));
  const readers: Seat[] = [];
  while (readers.length < READERS) readers.push(await newVisitor(victim.url).join(owner.roomId));
  victim.memory.rest();
  return { scene, file, readers };
}

test('fifty people who read the same ten megabytes cost the memory of a few of them', async () => {
  const { scene, file, readers } = await setFileScene('50 people read the same 10 MB');
  const { url } = scene.victim;
  let bytes = 0;
  const read = async (seat: Seat) => {
    const indexes = Array.from({ length: PIECES_READ }, (_, index) => index).values();
    const loop = async () => {
      for (const index of indexes) {
        const answer = await fetch(url + pathOf(seat, file, index), { headers: headersOf(seat) });
        const { byteLength } = await answer.arrayBuffer();
        bytes += byteLength;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, loop));
  };
  const outcome = await underAttack(scene, () => Promise.all(readers.map(read)));
  const wanted = file.pieces.slice(0, PIECES_READ).reduce((sum, { length }) => sum + length, 0) * READERS;
  scene.record('they read', `${(bytes / 1_048_576).toFixed(0)} MB`);
  expect(bytes).toBe(wanted);
  expectUnharmed(outcome);
});

test('fifty people who ask for ten megabytes and never read cost no more', async () => {
  const { scene, file, readers } = await setFileScene('50 people ask for 10 MB and never read');
  const { port } = scene.victim;
  const outcome = await underAttack(scene, async () => {
    for (const seat of readers) {
      const { token, visitor } = seat;
      for (let count = 0; count < UNREAD_CONNECTIONS; count += 1)
        openSocket(port).write(
          requestOf({ path: pathOf(seat, file, count), token, address: visitor.address }).repeat(40),
        );
    }
    await pause(ATTACK_MS);
  });
  expectUnharmed(outcome);
});

test('pieces that come byte by byte, from members and from anybody, cost no memory, and files of others go up', async () => {
  const { scene, readers } = await setFileScene('80 pieces come byte by byte');
  const {
    victim: { url, port },
  } = scene;
  const [honest, ...others] = readers;
  if (honest === undefined) throw new Error('Nobody is there');
  const slow = others.slice(0, SLOW_ADDRESSES).flatMap((seat) => {
    const begun = randomFile(100, { sealed: true });
    return Array.from({ length: SLOW_CONNECTIONS }, (_, count) => {
      const socket = openSocket(port);
      const head = headOf({
        method: 'PUT',
        path: pathOf(seat, begun, 0),
        // One of a member, all others made up.
        token: count === 0 ? seat.token : 'A'.repeat(40) + String(count).padStart(3, '0'),
        address: seat.visitor.address,
        headers: ['Content-Type: application/octet-stream', 'Content-Length: 262172'],
      });
      socket.write(`${head}\r\nx`);
      return socket;
    });
  });
  let statuses: number[] = [];
  const outcome = await underAttack(scene, async () => {
    const until = performance.now() + ATTACK_MS;
    const going = (async () => {
      while (performance.now() < until) {
        for (const socket of slow) socket.write('x');
        await pause(SLOW_STEP_MS);
      }
    })();
    statuses = await upload(url, honest, randomFile(FILE_BYTES / 10, { sealed: true }));
    await going;
  });
  expect(statuses).toEqual([201, 204, 204, 204, 204, 204].slice(0, statuses.length));
  expect(statuses.length).toBeGreaterThan(4);
  expectUnharmed(outcome);
});
