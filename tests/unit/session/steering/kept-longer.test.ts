import { afterEach, beforeEach, expect, it } from 'vitest';
import { FILE_PIECE_BYTES } from '@/domain/limits';
import { parseUploads } from '@/session/files/kept-uploads';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { recallOutbox } from '@tests/support/kept-outbox';
import { SealedRoom } from '@tests/support/sealed-room';
import { ready, send } from '@tests/unit/session/files/scene';
import { ROOM_ID } from '@tests/unit/session/fake-room';

let sealed: SealedRoom;
let session: RunningSession;

beforeEach(async () => {
  sealed = await SealedRoom.open();
  session = await ready(sealed.openSession());
});
afterEach(() => sealed.close());

const kept = (name: string) => sealed.storage.getItem(`mayfly:${name}:${ROOM_ID}`);
const endOfDraft = () => {
  const value: unknown = JSON.parse(kept('draft') ?? 'null');
  return typeof value === 'object' && value !== null && 'endsAt' in value ? value.endsAt : null;
};

/** The room's end on this browser's clock, which a measurement may move by a moment. */
const expectEnd = (endsAt: unknown) => expect(Number(endsAt) - sealed.room.expiresAt).toBeLessThan(1_000);

it('a draft and a message that waits are kept for as long as the room lasts, though its end has moved', async () => {
  sealed.room.refusals.set('sendMessage', { reason: 'unreachable' });
  session.setDraft('waits');
  session.send();
  session.setDraft('half a sent');
  await eventually(() => expect(recallOutbox(sealed.storage, ROOM_ID)?.messages).toHaveLength(1));
  await eventually(() => expect(endOfDraft()).not.toBeNull());
  const before = sealed.room.expiresAt;
  sealed.room.extend();
  await eventually(() =>
    expect(Number(recallOutbox(sealed.storage, ROOM_ID)?.endsAt)).toBeGreaterThan(before + 500_000),
  );
  await eventually(() => expect(Number(endOfDraft())).toBeGreaterThan(before + 500_000));
  for (const endsAt of [recallOutbox(sealed.storage, ROOM_ID)?.endsAt, endOfDraft()]) expectEnd(endsAt);
});

it('so is a file on its way', async () => {
  sealed.room.files.gate = ({ index }) => (index === 2 ? new Promise<never>(() => undefined) : Promise.resolve());
  await send(session);
  await eventually(() => expect(session.files.uploads.get()[0]?.sent).toBe(2 * FILE_PIECE_BYTES));
  const before = sealed.room.expiresAt;
  sealed.room.extend();
  await eventually(() => expect(parseUploads(kept('files'))?.endsAt).toBeGreaterThan(before + 500_000));
  expectEnd(parseUploads(kept('files'))?.endsAt);
});
