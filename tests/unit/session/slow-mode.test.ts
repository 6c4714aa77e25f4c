import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, ME, OTHER, Scene } from './steering/scene';

let scene: Scene;

beforeEach(async () => {
  vi.useFakeTimers();
  scene = new Scene();
  scene.room.owner = OTHER;
  scene.room.members = scene.room.members.map((member) => ({ ...member, owner: false }));
  scene.room.join(OTHER, 'Bo');
  scene.room.steering = { slowModeSeconds: 30 };
  await scene.open();
});

afterEach(() => {
  scene.stop();
  vi.useRealTimers();
});

function write(text: string): void {
  scene.session.setDraft(text);
  scene.session.send();
}

const said = () => scene.room.messages.map(({ text }) => text);

describe('slow mode', () => {
  it('keeps a text where it is until one may write again', async () => {
    expect(scene.session.slowUntil.get()).toBe(0);
    write('one');
    await after(1);
    expect(scene.session.slowUntil.get()).toBe((scene.room.messages[0]?.timestamp ?? 0) + 30_250);
    write('two');
    await after(30_000);
    expect([said(), scene.session.composer.get().draft]).toEqual([['one'], 'two']);
    await after(300);
    expect(scene.session.slowUntil.get()).toBe(0);
    scene.session.send();
    await after(1);
    expect([said(), scene.session.composer.get().draft]).toEqual([['one', 'two'], '']);
  });

  it('counts what one has said in another tab, or before a reload, and nobody else’s words', async () => {
    scene.room.say(OTHER, 'theirs');
    await after(1);
    expect(scene.session.slowUntil.get()).toBe(0);
    scene.room.say(ME, 'mine');
    await after(1);
    expect(scene.session.slowUntil.get()).toBeGreaterThan(0);
    scene.stop();
    await scene.open();
    expect(scene.session.slowUntil.get()).toBeGreaterThan(0);
  });

  it('has the server’s wait kept by what goes out by itself', async () => {
    write('one');
    await after(1);
    scene.room.refusals.set('sendMessage', { reason: 'rate_limited', retryAfterSeconds: 30 });
    const [first] = scene.room.messages;
    if (first !== undefined) scene.session.react({ id: first.id, by: ME }, '👍');
    await after(1);
    expect(scene.session.outgoing.get().rest?.reason).toBe('rate_limited');
    scene.room.refusals.clear();
    await after(31_000);
    expect(said()).toEqual(['one', '👍']);
  });

  it('binds no owner, and nobody once it is off', async () => {
    write('one');
    await after(1);
    scene.room.emit('room.updated', { slowModeSeconds: 0 });
    await after(1);
    expect(scene.session.slowUntil.get()).toBe(0);
    scene.room.emit('room.updated', { slowModeSeconds: 60 });
    await after(1);
    expect(scene.session.slowUntil.get()).toBeGreaterThan(0);
    scene.room.setOwner(ME);
    await after(1);
    expect(scene.session.slowUntil.get()).toBe(0);
  });

  it('is switched by the owner, and the talk says so', async () => {
    scene.room.setOwner(ME);
    await after(1);
    scene.session.steer({ slowModeSeconds: 10 });
    await after(1);
    scene.session.steer({ slowModeSeconds: 0 });
    await after(1);
    const seconds = scene.session.transcript
      .get()
      .entries.flatMap((entry) => (entry.kind === 'notice' && entry.notice === 'slow-mode' ? [entry.seconds] : []));
    expect(seconds).toEqual([10, 0]);
    expect(scene.session.info.get().room.slowModeSeconds).toBe(0);
  });
});
