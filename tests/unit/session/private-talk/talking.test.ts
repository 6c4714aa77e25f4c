import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TALK_DECLINED_MS, TALK_OFFER_MS } from '@/domain/limits';
import { eventually } from '@tests/support/eventually';
import { askOf, stateOf } from '@tests/support/private-talks';
import { heardBy, KINDS, openScene, seatSomebody, type Scene } from './scene';

let scene: Scene;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  scene.close();
  expect(scene.faults).toEqual([]);
  vi.useRealTimers();
});

const offered = async (count = 1, { talks } = scene.ben) => {
  await eventually(() => expect(talks.offers.get()).toHaveLength(count));
  return talks.offers.get();
};
const isAt = (state: string | undefined, { ann, ben } = scene) =>
  eventually(() => expect(stateOf(ann.talks, ben.memberId)).toBe(state));
const made = () => scene.ann.browser.made;
/** Lets what is under way go on, for what is not to happen: keys are the work of threads that no clock of a test moves. */
async function calm() {
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(20);
  }
}

describe.each(KINDS)('in a %s room', (kind) => {
  beforeEach(async () => {
    scene = await openScene(kind);
  });

  it('one makes a sealed room for two, offers it to the other alone, and both get the same link', async () => {
    const { ann, ben } = scene;
    const cid = await seatSomebody(scene, 'Cid');
    ann.talks.ask(ben.memberId);
    const [offer] = await offered();
    await eventually(() => expect(askOf(ann.talks, ben.memberId)?.path).not.toBeNull());
    expect(askOf(ann.talks, ben.memberId)).toMatchObject({ state: 'waiting', path: offer?.path });
    expect(offer?.from).toBe(ann.memberId);
    expect(made()).toMatchObject([{ lifetimeSeconds: 600 }]);
    expect(heardBy(scene, cid)).toEqual([]);
    // Nothing that the server passed on has the room or its key in it.
    const [roomId = '', secret = ''] = (offer?.path ?? '').replace('/room/', '').split('#');
    expect(secret).toHaveLength(43);
    const passedOn = JSON.stringify([scene.room.whispers, scene.room.sent]);
    for (const word of [roomId, secret, 'declined', 'opened']) expect(passedOn).not.toContain(word);
    ben.talks.answer(offer?.id ?? '', 'opened');
    expect(ben.talks.offers.get()).toEqual([]);
    await isAt('opened');
    expect(made()).toMatchObject([{ isClosed: false }]);
    ann.talks.enter(ben.memberId);
    expect(ann.talks.asks.get()).toEqual([]);
  });

  it('both may ask each other at the same time', async () => {
    const { ann, ben } = scene;
    ann.talks.ask(ben.memberId);
    ben.talks.ask(ann.memberId);
    const [one] = await offered(1, ben);
    const [other] = await offered(1, ann);
    expect(one?.path).not.toBe(other?.path);
    ben.talks.answer(one?.id ?? '', 'opened');
    ann.talks.answer(other?.id ?? '', 'declined');
    await isAt('opened');
    await eventually(() => expect(stateOf(ben.talks, ann.memberId)).toBe('declined'));
  });

  it('"not now" ends the room to which nobody went, and is said again by the page for a minute', async () => {
    const { ann, ben } = scene;
    ann.talks.ask(ben.memberId);
    const [offer] = await offered();
    ben.talks.answer(offer?.id ?? '', 'declined');
    await isAt('declined');
    expect(made()).toMatchObject([{ isClosed: true }]);
    expect(askOf(ann.talks, ben.memberId)?.path).toBeNull();
    ann.talks.ask(ben.memberId);
    await isAt('waiting');
    await isAt('declined');
    expect(ben.talks.offers.get()).toEqual([]);
    await vi.advanceTimersByTimeAsync(TALK_DECLINED_MS);
    ann.talks.ask(ben.memberId);
    await offered();
  });

  it('somebody away is not offered anything, whether the page knows it or the server says it', async () => {
    const { ann, ben, room } = scene;
    const seat = room.members.find(({ memberId }) => memberId === ben.memberId);
    if (seat) seat.here = false;
    ann.talks.ask(ben.memberId);
    await isAt('away');
    expect(made().every(({ isClosed }) => isClosed)).toBe(true);
    const calls = room.calls.length;
    room.emit('presence.changed', { here: [ann.memberId] });
    await eventually(() => expect(ann.session.people.get().some(({ here }) => !here)).toBe(true));
    ann.talks.ask(ben.memberId);
    await isAt('away');
    await calm();
    expect(room.calls).toHaveLength(calls);
  });

  it('no answer ends it on both sides after three minutes', async () => {
    const { ann, ben } = scene;
    ann.talks.ask(ben.memberId);
    await offered();
    await vi.advanceTimersByTimeAsync(TALK_OFFER_MS + 1_000);
    await isAt('no-answer');
    await offered(0);
    expect(made()).toMatchObject([{ isClosed: true }]);
  });

  it('a lost answer ends no room that somebody is in, nor does their leaving the one where they met', async () => {
    const { ann, ben, room } = scene;
    for (const isLeft of [false, true]) {
      ann.talks.ask(ben.memberId);
      const [offer] = await offered();
      room.deaf.add(ann.memberId);
      ben.talks.answer(offer?.id ?? '', 'opened');
      await eventually(() => expect(ben.talks.offers.get()).toEqual([]));
      await calm();
      expect(stateOf(ann.talks, ben.memberId)).toBe('waiting');
      const one = made().at(-1);
      if (one) one.isMet = true;
      await vi.advanceTimersByTimeAsync(isLeft ? 15_000 : TALK_OFFER_MS + 1_000);
      room.deaf.clear();
      if (isLeft) room.leave(ben.memberId);
      await isAt('opened');
      expect(askOf(ann.talks, ben.memberId)?.path).toBe(offer?.path);
      expect(made().at(-1)).toMatchObject({ isClosed: false });
    }
  });

  it('an answer that was lost on its way is given again', async () => {
    const { ann, ben, room } = scene;
    for (const answer of ['declined', 'opened'] as const) {
      ann.talks.ask(ben.memberId);
      const [offer] = await offered();
      room.deaf.add(ann.memberId);
      ben.talks.answer(offer?.id ?? '', answer);
      await eventually(() => expect(ben.talks.offers.get()).toEqual([]));
      await calm();
      expect(stateOf(ann.talks, ben.memberId)).toBe('waiting');
      room.deaf.clear();
      await vi.advanceTimersByTimeAsync(15_000);
      await isAt(answer);
      await vi.advanceTimersByTimeAsync(TALK_DECLINED_MS);
    }
  });

  it('an offer that was lost on its way is made again, and shown once', async () => {
    const { ann, ben, room } = scene;
    room.deaf.add(ben.memberId);
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(heardBy(scene, ben.memberId).length).toBeGreaterThan(0));
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
    room.deaf.clear();
    await vi.advanceTimersByTimeAsync(15_000);
    const [offer] = await offered();
    await calm();
    await vi.advanceTimersByTimeAsync(30_000);
    await calm();
    expect(await offered()).toEqual([offer]);
    ben.talks.answer(offer?.id ?? '', 'declined');
    await isAt('declined');
    const { length } = heardBy(scene, ben.memberId);
    await vi.advanceTimersByTimeAsync(30_000);
    await calm();
    expect(heardBy(scene, ben.memberId)).toHaveLength(length);
  });

  it('a room to which somebody went is theirs to end', async () => {
    const { ann, ben } = scene;
    ann.talks.ask(ben.memberId);
    const [offer] = await offered();
    await eventually(() => expect(askOf(ann.talks, ben.memberId)?.path).not.toBeNull());
    ann.talks.enter(ben.memberId);
    expect(stateOf(ann.talks, ben.memberId)).toBe('waiting');
    ben.talks.answer(offer?.id ?? '', 'declined');
    await isAt('declined');
    expect(made()).toMatchObject([{ isClosed: false }]);
  });

  it('taken back, the offer leaves the other’s screen, and its answer comes too late', async () => {
    const { ann, ben } = scene;
    ann.talks.ask(ben.memberId);
    await offered();
    ann.talks.dismiss(ben.memberId);
    expect(ann.talks.asks.get()).toEqual([]);
    await offered(0);
    expect(made()).toMatchObject([{ isClosed: true }]);
    ben.talks.answer('gone', 'opened');
    await calm();
    expect(ann.talks.asks.get()).toEqual([]);
  });

  it('taken back while its room is being made, nothing is offered', async () => {
    const { ann, ben } = scene;
    let open = () => {};
    ann.browser.gate = new Promise((resolve) => (open = resolve));
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(ann.browser.asked).toBe(1));
    ann.talks.dismiss(ben.memberId);
    open();
    await eventually(() => expect(made()).toMatchObject([{ isClosed: true }]));
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
  });

  it('a room that cannot be made is said, and may be tried again', async () => {
    const { ann, ben } = scene;
    ann.browser.failure = { ok: false, failure: { reason: 'rate_limited' } };
    ann.talks.ask(ben.memberId);
    await isAt('failed');
    expect(askOf(ann.talks, ben.memberId)?.failure).toEqual({ reason: 'rate_limited' });
    ann.browser.failure = null;
    ann.talks.ask(ben.memberId);
    await offered();
  });

  it('somebody who left meanwhile cannot answer, and one whose seat moved is another to ask', async () => {
    const { ann, ben, room } = scene;
    ann.talks.ask(ben.memberId);
    await offered();
    const cid = await seatSomebody(scene, 'Cid');
    room.leave(ben.memberId);
    await isAt('left');
    expect(made()).toMatchObject([{ isClosed: true }]);
    ann.talks.ask(cid);
    await eventually(() => expect(heardBy(scene, cid).length).toBeGreaterThan(0));
    const to = await seatSomebody(scene, 'Dan');
    room.members = room.members.filter(({ memberId }) => memberId !== cid);
    room.emit('member.left', { memberId: cid, reason: 'moved', to });
    room.emit('member.joined', { memberId: to, joinedAt: room.now() });
    await eventually(() => expect(stateOf(ann.talks, cid)).toBe('left'));
    expect(heardBy(scene, to)).toEqual([]);
  });

  it('the same person’s next offer takes the place of the one before, and the fifth is the last for a while', async () => {
    const { ann, ben } = scene;
    const second = await scene.openTab(ann);
    const paths = new Set<string>();
    for (const { talks } of [ann, second]) {
      talks.ask(ben.memberId);
      await eventually(() => expect(paths).not.toContain(ben.talks.offers.get()[0]?.path ?? [...paths][0]));
      paths.add((await offered())[0]?.path ?? '');
    }
    // The offer before is no longer there to be taken back.
    ann.talks.dismiss(ben.memberId);
    await calm();
    await offered(1);
    second.talks.dismiss(ben.memberId);
    await offered(0);
    for (let count = 0; count < 3; count += 1) {
      ann.talks.ask(ben.memberId);
      await offered(1);
      ann.talks.dismiss(ben.memberId);
      await offered(0);
    }
    const before = heardBy(scene, ben.memberId).length;
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(heardBy(scene, ben.memberId).length).toBeGreaterThan(before));
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
  });

  it('nobody hears of the offers of a member they ignore, and an offer goes when its member is ignored', async () => {
    const { ann, ben } = scene;
    ann.talks.ask(ben.memberId);
    await offered();
    ben.session.ignored.ignore(ann.memberId, true);
    expect(ben.talks.offers.get()).toEqual([]);
    ann.talks.dismiss(ben.memberId);
    ann.talks.ask(ben.memberId);
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
    expect(stateOf(ann.talks, ben.memberId)).toBe('waiting');
  });

  it('what all tabs of a browser hear is shown in each of them, answered once, and taken off all of them', async () => {
    const { ann, ben } = scene;
    const second = await scene.openTab(ben);
    ann.talks.ask(ben.memberId);
    await offered(1, ben);
    await offered(1, second);
    const [offer] = second.talks.offers.get();
    expect(ben.talks.offers.get()[0]?.path).toBe(offer?.path);
    const before = heardBy(scene, ann.memberId).length;
    second.talks.answer(offer?.id ?? '', 'opened');
    await offered(0, ben);
    await offered(0, second);
    await isAt('opened');
    await calm();
    expect(heardBy(scene, ann.memberId).length).toBe(before + 1);
  });

  it('taken back, it leaves all tabs', async () => {
    const { ann, ben } = scene;
    const second = await scene.openTab(ben);
    ann.talks.ask(ben.memberId);
    await offered(1, ben);
    await offered(1, second);
    ann.talks.dismiss(ben.memberId);
    await offered(0, ben);
    await offered(0, second);
  });

  it('nothing is asked of oneself, of nobody, or twice of the same person', async () => {
    const { ann, ben, room } = scene;
    ann.talks.ask(ann.memberId);
    const gone = await seatSomebody(scene, 'Cid');
    room.leave(gone);
    await eventually(() => expect(ann.session.people.get()).toHaveLength(2));
    ann.talks.ask(gone);
    expect(ann.talks.asks.get()).toEqual([]);
    ann.talks.ask(ben.memberId);
    ann.talks.ask(ben.memberId);
    await offered();
    await calm();
    expect(made()).toHaveLength(1);
  });

  it('a page whose session is over neither shows nor sends anything', async () => {
    const { ann, ben, room } = scene;
    ann.talks.ask(ben.memberId);
    await offered();
    const { length } = room.whispers;
    ann.session.stop();
    ben.session.stop();
    const [offer] = ben.talks.offers.get();
    await vi.advanceTimersByTimeAsync(TALK_OFFER_MS);
    expect(room.whispers).toHaveLength(length);
    expect(ben.talks.offers.get()).toEqual([offer]);
  });
});

it('a new key of the room changes nothing about what two of its members whisper', async () => {
  scene = await openScene('sealed');
  const { sealed, ann, ben } = scene;
  if (sealed === null) throw new Error('the room is plain');
  ann.talks.ask(ben.memberId);
  const [offer] = await offered();
  await sealed.rekey(sealed.me, [sealed.me, sealed.other]);
  await eventually(() => expect(ben.session.info.get().room.epoch).toBe(1));
  ben.talks.answer(offer?.id ?? '', 'opened');
  await isAt('opened');
});

it('in a plain room the key of an exchange that was lost on its way is given again, the same', async () => {
  scene = await openScene('plain');
  const { ann, ben, room } = scene;
  room.deaf.add(ann.memberId);
  ann.talks.ask(ben.memberId);
  await eventually(() => expect(heardBy(scene, ann.memberId)).toHaveLength(1));
  await calm();
  room.deaf.clear();
  await vi.advanceTimersByTimeAsync(15_000);
  await offered();
  const [one, other] = heardBy(scene, ann.memberId);
  expect(other?.text).toBe(one?.text);
});

it('several people may ask, as many as fit', async () => {
  scene = await openScene('plain');
  const { ann, ben } = scene;
  const others = [];
  for (const name of ['Cid', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal']) others.push(await seatSomebody(scene, name));
  for (const to of others) ann.talks.ask(to);
  await calm();
  expect(ann.talks.asks.get().map(({ to }) => to)).toEqual(others.slice(0, 5));
  expect(ben.talks.offers.get()).toEqual([]);
});
