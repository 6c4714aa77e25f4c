import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, ME, OTHER, Scene, THIRD } from './scene';

const MINUTE_MS = 60_000;

let scene: Scene;

beforeEach(() => {
  vi.useFakeTimers();
  scene = new Scene();
});

afterEach(() => {
  scene.stop();
  vi.useRealTimers();
});

/** Ada, Bo and Cleo are here. */
async function openForThree(): Promise<Scene> {
  scene.room.join(OTHER, 'Bo');
  scene.room.join(THIRD, 'Cleo');
  return scene.open();
}

const proposal = () => scene.session.proposal.get();
const extended = () =>
  scene.session.transcript
    .get()
    .entries.flatMap((entry) => (entry.kind === 'notice' && entry.notice === 'extended' ? [entry] : []));

describe('ten minutes more', () => {
  it('are proposed to everybody who is here, who see who agreed and who has not answered', async () => {
    await openForThree();
    scene.session.answerExtension(true);
    await after(1);
    expect(proposal()).toMatchObject({ by: ME, agreed: [ME], missing: [OTHER, THIRD] });
    await scene.room.answerExtension(OTHER, true);
    await after(1);
    expect(proposal()).toMatchObject({ by: ME, agreed: [ME, OTHER], missing: [THIRD] });
    expect(scene.moves).toEqual([]);
  });

  it('are granted when the last one agrees, and the talk names those who did', async () => {
    await openForThree();
    const end = scene.room.expiresAt;
    await scene.room.answerExtension(OTHER, true);
    await after(1);
    expect(proposal()).toMatchObject({ by: OTHER, missing: [ME, THIRD] });
    scene.session.answerExtension(true);
    await after(1);
    await scene.room.answerExtension(THIRD, true);
    await after(1);
    expect(proposal()).toBeNull();
    expect(scene.session.info.get().room.expiresAt).toBe(end + 10 * MINUTE_MS);
    expect(scene.moves).toEqual([end + 10 * MINUTE_MS]);
    const names = extended().map(({ people = [] }) => people.map(({ name, self }) => [name, self]));
    expect(names).toEqual([
      [
        ['Bo', false],
        ['Ada', true],
        ['Cleo', false],
      ],
    ]);
    expect(scene.session.actions.get()).toEqual({ pending: null, failure: null });
  });

  it('are granted at once to somebody who is alone', async () => {
    await scene.open();
    scene.session.answerExtension(true);
    await after(1);
    expect(scene.moves).toHaveLength(1);
    expect(extended().map(({ people = [] }) => people.map(({ self }) => self))).toEqual([[true]]);
  });

  it('end for everybody when one declines', async () => {
    await openForThree();
    await scene.room.answerExtension(OTHER, true);
    await after(1);
    scene.session.answerExtension(false);
    await after(1);
    expect(proposal()).toBeNull();
    expect(scene.notices('extended', 'not-extended')).toEqual(['not-extended']);
    expect(scene.room.extension).toBeUndefined();
  });

  it('lapse after a minute, of which no event says anything, and whose late event is no news', async () => {
    await openForThree();
    scene.session.answerExtension(true);
    await after(1);
    await after(MINUTE_MS - 10);
    expect(proposal()).not.toBeNull();
    await after(20);
    expect(proposal()).toBeNull();
    scene.room.emit('room.updated', { extension: null });
    await after(1);
    expect(scene.notices('not-extended')).toEqual(['not-extended']);
  });

  it('are shown to a page that comes while they stand proposed, and not once they have lapsed', async () => {
    scene.room.join(OTHER, 'Bo');
    await scene.room.answerExtension(OTHER, true);
    await scene.open();
    expect(proposal()).toMatchObject({ by: OTHER, missing: [ME] });
    scene.stop();
    await after(MINUTE_MS);
    await scene.open();
    expect(proposal()).toBeNull();
  });

  it('name no end but the one that the page knows, so an answer that is late opens no second proposal', async () => {
    await openForThree();
    await scene.room.answerExtension(OTHER, true);
    await scene.room.answerExtension(THIRD, true);
    await after(1);
    let open = () => {};
    scene.room.gate = new Promise((resolve) => (open = resolve));
    scene.session.answerExtension(true);
    // Meanwhile Ada agrees in another tab, and this page hears of it late.
    scene.room.streams.clear();
    await scene.room.answerExtension(ME, true);
    open();
    await after(10);
    expect(scene.room.extension).toBeUndefined();
    expect(scene.room.extendedMs).toBe(10 * MINUTE_MS);
    // The wish has come true all the same.
    expect(scene.session.actions.get()).toEqual({ pending: null, failure: null });
    expect(scene.session.info.get().room.expiresAt).toBe(scene.room.expiresAt);
  });

  it.each(['rate_limited', 'cannot_extend', 'unreachable'] as const)(
    'say why they were refused: %s',
    async (reason) => {
      await openForThree();
      scene.room.refusals.set('extendRoom', { reason });
      scene.session.answerExtension(true);
      await after(10);
      expect(scene.session.actions.get()).toEqual({ pending: null, failure: { reason } });
      expect(proposal()).toBeNull();
    },
  );
});

describe('a member who has not answered and leaves', () => {
  it('has the proposer’s page answer again, because the server counts when an answer comes', async () => {
    await openForThree();
    scene.session.answerExtension(true);
    await after(1);
    await scene.room.answerExtension(OTHER, true);
    await after(1);
    scene.room.leave(THIRD);
    await after(1);
    expect(proposal()).toMatchObject({ missing: [] });
    expect(scene.moves).toEqual([]);
    await after(3_000);
    expect(scene.moves).toHaveLength(1);
    expect(scene.count('extendRoom')).toBe(2);
  });

  it('is counted until the server knows, and asked about again and again until then', async () => {
    await openForThree();
    scene.session.answerExtension(true);
    await after(1);
    await scene.room.answerExtension(OTHER, true);
    await after(1);
    // The page hears that they are away; the server still counts them.
    scene.room.publish('presence.changed', { here: [ME, OTHER] });
    await after(10_000);
    expect(scene.moves).toEqual([]);
    expect(scene.count('extendRoom')).toBe(4);
    scene.room.setHere([ME, OTHER]);
    await after(3_000);
    expect(scene.moves).toHaveLength(1);
  });

  it('has nobody else’s page answer while the proposer is here', async () => {
    await openForThree();
    await scene.room.answerExtension(OTHER, true);
    scene.session.answerExtension(true);
    await after(1);
    scene.room.leave(THIRD);
    await after(10_000);
    expect(scene.count('extendRoom')).toBe(1);
    // Bo goes, too, and Ada has agreed next.
    scene.room.setHere([ME]);
    await after(3_000);
    expect(scene.count('extendRoom')).toBe(2);
    expect(scene.moves).toHaveLength(1);
  });

  it('and comes back is waited for again', async () => {
    await openForThree();
    scene.session.answerExtension(true);
    await after(1);
    await scene.room.answerExtension(OTHER, true);
    await after(1);
    scene.room.setHere([ME, OTHER]);
    await after(1_000);
    scene.room.setHere([ME, OTHER, THIRD]);
    await after(30_000);
    expect(scene.count('extendRoom')).toBe(1);
    expect(proposal()).toMatchObject({ missing: [THIRD] });
  });
});
