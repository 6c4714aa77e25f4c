import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { FakeRoom } from './fake-room';
import { browserOf, visitOf } from './fake-visit';

const LIMITS = { maxBytes: 1_000, roomBytes: 4_000 };

let room: FakeRoom;
let session: RunningSession;

async function settle() {
  await vi.advanceTimersByTimeAsync(1);
  // The words are fetched when the room changes for the first time.
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(1);
}
const notices = () =>
  session.transcript
    .get()
    .entries.flatMap((entry) => (entry.kind === 'notice' ? [[entry.notice, entry.topic] as const] : []));

async function begin() {
  session = createRunningSession(browserOf(room), visitOf(room));
  session.start();
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  room.filesMax = LIMITS;
});

afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe('a room that becomes public', () => {
  it('says so in the talk, with its topic, and when it is no longer', async () => {
    await begin();
    room.emit('room.updated', { listed: true, topic: 'Balcony tomatoes', language: 'en' });
    room.emit('room.updated', { topic: 'What eats them' });
    room.emit('room.updated', { listed: false });
    await settle();
    expect(notices()).toEqual([
      ['listed', 'Balcony tomatoes'],
      ['topic', 'What eats them'],
      ['unlisted', undefined],
    ]);
  });

  it('says so to its owner, too, whose answer comes before the event', async () => {
    await begin();
    session.steer({ listed: true, topic: 'Balcony tomatoes' });
    await settle();
    expect(session.info.get().room).toMatchObject({ listed: true, topic: 'Balcony tomatoes' });
    expect(notices()).toEqual([['listed', 'Balcony tomatoes']]);
  });

  it('says the topic that it had before when it is listed again', async () => {
    room.steering = { topic: 'Balcony tomatoes' };
    await begin();
    room.emit('room.updated', { listed: true });
    await settle();
    expect(notices()).toEqual([['listed', 'Balcony tomatoes']]);
  });

  it('says nothing of a topic while nobody can find it', async () => {
    await begin();
    room.emit('room.updated', { topic: 'Balcony tomatoes' });
    await settle();
    expect(notices()).toEqual([]);
  });

  it('takes no files for as long as it is listed', async () => {
    await begin();
    expect(session.files.limits.get()).toEqual(LIMITS);
    room.emit('room.updated', { listed: true, topic: 'Balcony tomatoes' });
    await settle();
    expect(session.files.limits.get()).toBeNull();
    room.emit('room.updated', { listed: false });
    await settle();
    expect(session.files.limits.get()).toEqual(LIMITS);
  });

  it('takes files again on a page that came in while it took none', async () => {
    room.filesMax = null;
    room.steering = { listed: true, topic: 'Balcony tomatoes' };
    await begin();
    expect(session.files.limits.get()).toBeNull();
    room.filesMax = LIMITS;
    room.steering = { listed: false };
    room.emit('room.updated', { listed: false });
    await settle();
    expect(session.files.limits.get()).toEqual(LIMITS);
  });

  it('shows its owner what the server refused', async () => {
    await begin();
    room.refusals.set('steerRoom', { reason: 'rate_limited', retryAfterSeconds: 90 });
    session.steer({ listed: true, topic: 'Balcony tomatoes' });
    await settle();
    expect(session.actions.get()).toEqual({
      pending: null,
      failure: { reason: 'rate_limited', retryAfterSeconds: 90 },
    });
    expect(session.info.get().room.listed).toBe(false);
  });
});
