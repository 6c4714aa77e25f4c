import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recallOutbox } from '@tests/support/kept-outbox';
import { after, OTHER, Scene } from './scene';

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;

let scene: Scene;

beforeEach(() => {
  vi.useFakeTimers();
  scene = new Scene();
});

afterEach(() => {
  scene.stop();
  vi.useRealTimers();
});

const ended = () => scene.ends.map(({ reason }) => reason);

/** The page sleeps for this long: no timer runs, and nothing is heard. */
function sleep(ms: number): void {
  scene.room.setLine('reconnecting');
  scene.room.streams.clear();
  vi.setSystemTime(Date.now() + ms);
}

describe('an end that has moved', () => {
  it('is the end: nothing happens at the old one', async () => {
    await scene.open();
    await after(5 * MINUTE_MS);
    scene.room.extend();
    await after(TEN_MINUTES_MS);
    expect(ended()).toEqual([]);
    await after(5 * MINUTE_MS - 100);
    expect(ended()).toEqual([]);
    await after(200);
    expect(ended()).toEqual(['expired']);
  });

  it('has a last minute of its own, and the one that had begun was not the last', async () => {
    await scene.open();
    await after(TEN_MINUTES_MS - MINUTE_MS / 2);
    expect(scene.notices('last-minute')).toHaveLength(1);
    scene.room.extend();
    await after(9 * MINUTE_MS);
    expect(scene.notices('last-minute')).toHaveLength(1);
    await after(MINUTE_MS);
    expect(scene.notices('last-minute')).toHaveLength(2);
  });

  it('renews the cookie by an answer that comes before the old end, however late the move', async () => {
    await scene.open();
    await after(TEN_MINUTES_MS - 1_000);
    const asked = scene.count('readRoom');
    scene.room.extend();
    await after(900);
    expect(scene.count('readRoom')).toBe(asked + 1);
    await after(MINUTE_MS);
    expect(scene.count('readRoom')).toBe(asked + 1);
  });

  it('renews it as soon as the server answers, where it does not at first', async () => {
    await scene.open();
    const asked = scene.count('readRoom');
    scene.room.refusals.set('readRoom', { reason: 'unreachable' });
    scene.room.extend();
    await after(3_000);
    const refused = scene.count('readRoom');
    expect(refused).toBeGreaterThan(asked);
    scene.room.refusals.clear();
    await after(MINUTE_MS);
    expect(scene.count('readRoom')).toBe(refused + 1);
  });

  it('is kept with what nobody has got', async () => {
    await scene.open();
    const kept = () => recallOutbox(scene.storage, scene.session.roomId)?.endsAt;
    scene.room.refusals.set('takeBack', { reason: 'unreachable' });
    const { id } = scene.room.say(scene.session.info.get().you.memberId, 'hello');
    await after(1);
    scene.session.takeBack(id);
    await after(1);
    expect(kept()).toBe(scene.room.expiresAt);
    scene.room.extend();
    await after(1);
    expect(kept()).toBe(scene.room.expiresAt);
  });
});

describe('a page that slept past the end', () => {
  it('asks whether it moved, and goes on where it did', async () => {
    await scene.open();
    scene.session.setDraft('half a sent');
    sleep(TEN_MINUTES_MS + MINUTE_MS);
    scene.room.extend();
    scene.page.emit('visible');
    await after(1);
    expect(ended()).toEqual([]);
    expect(scene.session.composer.get().draft).toBe('half a sent');
    expect(scene.moves).toEqual([scene.room.expiresAt]);
    await after(9 * MINUTE_MS - 1_000);
    expect(ended()).toEqual([]);
    await after(2_000);
    expect(ended()).toEqual(['expired']);
  });

  it('says that the room is over where it is', async () => {
    await scene.open();
    scene.session.setDraft('half a sent');
    sleep(TEN_MINUTES_MS + MINUTE_MS);
    scene.room.gone = true;
    scene.page.emit('visible');
    await after(1);
    expect(scene.ends).toEqual([{ reason: 'expired', draft: 'half a sent' }]);
  });

  it('gives up asking after a few seconds, whether nothing answers or no answer comes', async () => {
    for (const silence of ['refused', 'hangs'] as const) {
      scene = new Scene();
      await scene.open();
      sleep(TEN_MINUTES_MS + MINUTE_MS);
      if (silence === 'refused') scene.room.refusals.set('all', { reason: 'offline' });
      else scene.room.gate = new Promise(() => undefined);
      scene.page.emit('visible');
      await after(3_900);
      expect([silence, ended()]).toEqual([silence, []]);
      await after(200);
      expect([silence, ended()]).toEqual([silence, ['expired']]);
    }
  });

  it('hears it when the line is back within that time', async () => {
    await scene.open();
    sleep(TEN_MINUTES_MS + MINUTE_MS);
    scene.room.extend();
    scene.room.refusals.set('all', { reason: 'offline' });
    scene.page.emit('visible');
    await after(2_000);
    scene.room.refusals.clear();
    await after(2_000);
    expect(ended()).toEqual([]);
  });

  it('has lost its seat where its cookie went with the old end', async () => {
    await scene.open();
    sleep(TEN_MINUTES_MS + MINUTE_MS);
    scene.room.extend();
    scene.room.you = null;
    scene.page.emit('visible');
    await after(1);
    expect(ended()).toEqual(['signed-out']);
  });

  it('asks nothing where the room cannot have lasted longer', async () => {
    scene = new Scene();
    scene.room.extendedMs = 50 * MINUTE_MS;
    await scene.open();
    const asked = scene.count('readRoom');
    sleep(TEN_MINUTES_MS + MINUTE_MS);
    scene.page.emit('visible');
    await after(1);
    expect([ended(), scene.count('readRoom')]).toEqual([['expired'], asked]);
  });
});

describe('a page that listens', () => {
  it('asks nobody at the end: a whole class would', async () => {
    await scene.open();
    const asked = scene.count('readRoom');
    await after(TEN_MINUTES_MS);
    expect([ended(), scene.count('readRoom')]).toEqual([['expired'], asked]);
  });

  it('waits a moment for the others’ answers to what is proposed, and no longer', async () => {
    scene.room.join(OTHER, 'Bo');
    await scene.open();
    await after(TEN_MINUTES_MS - 2_000);
    scene.session.answerExtension(true);
    await after(2_500);
    expect(ended()).toEqual([]);
    // Bo agreed in the last moment, and the event is late.
    scene.room.extend();
    await after(MINUTE_MS);
    expect(ended()).toEqual([]);

    await after(9 * MINUTE_MS - 2_500);
    scene.session.answerExtension(true);
    await after(4_000);
    expect(ended()).toEqual([]);
    await after(3_000);
    expect(ended()).toEqual(['expired']);
  });

  it('asks when it hears of neither: its line may be dead, and it has not noticed yet', async () => {
    scene.room.join(OTHER, 'Bo');
    await scene.open();
    await after(TEN_MINUTES_MS - 10_000);
    scene.session.answerExtension(true);
    await after(1);
    scene.room.streams.clear();
    await after(2_000);
    scene.room.extend();
    await after(MINUTE_MS);
    expect(ended()).toEqual([]);
    expect(scene.moves).toEqual([scene.room.expiresAt]);
  });
});

it('a browser whose clock is set by minutes asks, and goes on until the room’s own time is up', async () => {
  await scene.open();
  const begun = Date.now();
  await after(MINUTE_MS);
  // No timer of the page runs earlier for it.
  vi.setSystemTime(Date.now() + TEN_MINUTES_MS);
  scene.room.skewMs = -TEN_MINUTES_MS;
  scene.page.emit('visible');
  await after(MINUTE_MS);
  expect(ended()).toEqual([]);
  await after(8 * MINUTE_MS - 1_000);
  expect(ended()).toEqual([]);
  await after(2_000);
  expect(ended()).toEqual(['expired']);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(2 * TEN_MINUTES_MS);
});
