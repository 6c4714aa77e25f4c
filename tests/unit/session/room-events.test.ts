import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventData } from '@/domain/events';
import type { Room } from '@/domain/room';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { FakeRoom, ME, OTHER } from './fake-room';
import { browserOf, visitOf } from './fake-visit';

let room: FakeRoom;
let session: RunningSession;

const settle = () => vi.advanceTimersByTimeAsync(1);
const known = () => session.info.get().room;

beforeEach(async () => {
  vi.useFakeTimers();
  room = new FakeRoom();
  session = createRunningSession(browserOf(room), visitOf(room));
  session.start();
  await settle();
});

afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe('room.updated', () => {
  it.each<[EventData<'room.updated'>, Partial<Room>]>([
    [{ locked: true }, { locked: true }],
    [{ entry: 'knock' }, { entry: 'knock' }],
    [
      { listed: true, topic: 'Sourdough', language: 'en' },
      { listed: true, topic: 'Sourdough', language: 'en' },
    ],
    [{ slowModeSeconds: 30 }, { slowModeSeconds: 30 }],
    [{ extension: { by: OTHER, agreed: [OTHER], until: 7 } }, { extension: { by: OTHER, agreed: [OTHER], until: 7 } }],
  ])('%j changes that of the room, and nothing else', async (event, changed) => {
    const before = known();
    room.emit('room.updated', event);
    await settle();
    expect(known()).toEqual({ ...before, ...changed });
  });

  it('takes the language away again', async () => {
    room.emit('room.updated', { language: 'en' });
    room.emit('room.updated', { language: null });
    await settle();
    expect(known().language).toBeUndefined();
  });

  it('ends a proposal', async () => {
    room.emit('room.updated', { extension: { by: ME, agreed: [ME], until: room.now() + 60_000 } });
    room.emit('room.updated', { extension: null });
    await settle();
    expect(known().extension).toBeUndefined();
  });

  it('moves the end further away, and never back, whatever is heard again', async () => {
    const { expiresAt } = known();
    room.emit('room.updated', { expiresAt: expiresAt + 1_200_000 });
    room.emit('room.updated', { expiresAt: expiresAt + 600_000 });
    await settle();
    expect(known().expiresAt).toBe(expiresAt + 1_200_000);
  });
});
