import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, ME, OTHER, Scene, THIRD } from './scene';

const AWAY_MS = 183_000;

let scene: Scene;

beforeEach(() => {
  vi.useFakeTimers();
  scene = new Scene();
});

afterEach(() => {
  scene.stop();
  vi.useRealTimers();
});

/** Bo owns the room. */
async function openAsGuest(): Promise<void> {
  scene.room.owner = OTHER;
  scene.room.members = scene.room.members.map((member) => ({ ...member, owner: false }));
  scene.room.join(OTHER, 'Bo');
  scene.room.join(THIRD, 'Cleo');
  await scene.open();
}

const owner = () => scene.session.people.get().find((person) => person.owner)?.memberId;

describe('an owner who hands the room over', () => {
  it('is a guest from then on, and the talk says whose it is', async () => {
    scene.room.join(OTHER, 'Bo');
    await scene.open();
    scene.session.giveRoom(OTHER);
    await after(1);
    expect([owner(), scene.session.info.get().you.owner]).toEqual([OTHER, false]);
    expect(scene.notices('new-owner')).toEqual(['new-owner']);
    expect(scene.session.actions.get()).toEqual({ pending: null, failure: null });
  });

  it('reads why that was refused', async () => {
    scene.room.join(OTHER, 'Bo');
    await scene.open();
    scene.room.refusals.set('giveRoom', { reason: 'not_found' });
    scene.session.giveRoom(OTHER);
    await after(1);
    expect(scene.session.actions.get().failure).toEqual({ reason: 'not_found' });
    expect(owner()).toBe(ME);
  });
});

describe('a room whose owner is away', () => {
  it('may be taken over after three minutes, and not before', async () => {
    await openAsGuest();
    scene.room.setHere([ME, THIRD]);
    await after(AWAY_MS - 10);
    expect(scene.session.isVacant.get()).toBe(false);
    await after(20);
    expect(scene.session.isVacant.get()).toBe(true);
    scene.room.vacant = true;
    scene.session.giveRoom(ME);
    await after(1);
    expect([owner(), scene.session.info.get().you.owner, scene.session.isVacant.get()]).toEqual([ME, true, false]);
    expect(scene.notices('new-owner')).toEqual(['new-owner']);
  });

  it('is no longer vacant once the owner is back, or the seat is another’s', async () => {
    await openAsGuest();
    scene.room.setHere([ME, THIRD]);
    await after(AWAY_MS / 2);
    scene.room.setHere([ME, OTHER, THIRD]);
    await after(1);
    scene.room.setHere([ME, THIRD]);
    await after(AWAY_MS / 2 + 1_000);
    expect(scene.session.isVacant.get()).toBe(false);
    await after(AWAY_MS / 2);
    expect(scene.session.isVacant.get()).toBe(true);
    scene.room.setOwner(THIRD);
    await after(1);
    expect(scene.session.isVacant.get()).toBe(false);
  });

  it('is offered again later where the server has seen the owner more recently', async () => {
    await openAsGuest();
    scene.room.setHere([ME, THIRD]);
    await after(AWAY_MS + 10);
    scene.session.giveRoom(ME);
    await after(1);
    expect(scene.session.actions.get().failure).toEqual({ reason: 'not_the_owner' });
    expect(scene.session.isVacant.get()).toBe(false);
    await after(30_000);
    expect(scene.session.isVacant.get()).toBe(true);
  });
});
