import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@tests/support/eventually';
import { makeSecret } from '@/crypto/fragment';
import { makeExchangeKey, makeWhisperId, readExchangeKey, sealWhisper } from '@/crypto/whispers';
import type { EventData } from '@/domain/events';
import type { MemberId } from '@/domain/room';
import { someone, type Someone } from '@tests/support/sealed-room';
import { FakeTabs, FakeTalkBrowser, stateOf } from '@tests/support/private-talks';
import { ROOM_ID } from '@tests/unit/session/fake-room';
import { heardBy, openScene, seatSomebody, type Kind, type Scene } from './scene';

let scene: Scene;
afterEach(() => {
  scene.close();
  expect(scene.faults).toEqual([]);
});

const ANOTHER_ROOM = 'Zz9Yy8Xx7Ww6Vv5Uu4Tt3S';
const offerOf = (more: object = {}) => ({
  id: makeWhisperId(),
  kind: 'room',
  roomId: ANOTHER_ROOM,
  secret: makeSecret(),
  ...more,
});

async function calm(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A sealed room whose members Ann and Ben hold keys that the test has, too. */
async function sealedScene() {
  scene = await openScene('sealed');
  const { sealed, ann, ben, room } = scene;
  if (sealed === null) throw new Error('the room is plain');
  /** A whisper as one member seals it for another, put by the server wherever it likes. */
  const whisper = async (by: Someone, to: Someone, said: object, at: Partial<EventData<'member.whispered'>> = {}) => {
    const halves = { privateKey: by.identity.agree.privateKey, publicKey: to.identity.agree.publicKey };
    const place = { roomId: ROOM_ID, from: by.memberId, to: to.memberId };
    const event = { from: by.memberId, to: to.memberId, text: await sealWhisper(place, halves, said), ...at };
    room.whisper(event);
    return event;
  };
  return { ...scene, sealed, ann, ben, whisper };
}

describe('in a sealed room', () => {
  it('is heard once, however often the server says it', async () => {
    const { sealed, ben, room, whisper } = await sealedScene();
    const event = await whisper(sealed.me, sealed.other, offerOf());
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    ben.talks.answer(ben.talks.offers.get()[0]?.id ?? '', 'opened');
    for (let count = 0; count < 5; count += 1) room.whisper(event);
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
  });

  it('is answered five times and no more, however many offers follow a "not now"', async () => {
    const { sealed, ben, whisper } = await sealedScene();
    await whisper(sealed.me, sealed.other, offerOf());
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    ben.talks.answer(ben.talks.offers.get()[0]?.id ?? '', 'declined');
    for (let count = 0; count < 20; count += 1) await whisper(sealed.me, sealed.other, offerOf());
    await eventually(() => expect(heardBy(scene, sealed.me.memberId)).toHaveLength(5));
    await calm();
    expect(heardBy(scene, sealed.me.memberId)).toHaveLength(5);
    expect(ben.talks.offers.get()).toEqual([]);
  });

  it('is not heard from anybody but who sealed it, nor by anybody but the one it is for', async () => {
    const { sealed, ben, ann, room, whisper } = await sealedScene();
    const eve = await someone('Eve');
    await sealed.seat(eve);
    await eventually(() => expect(ben.session.people.get()).toHaveLength(3));
    await whisper(eve, sealed.other, offerOf(), { from: sealed.me.memberId });
    await whisper(sealed.me, eve, offerOf(), { to: sealed.other.memberId });
    // One’s own words, turned round.
    await whisper(sealed.other, sealed.me, offerOf(), { from: sealed.me.memberId, to: sealed.other.memberId });
    await whisper(sealed.other, sealed.me, offerOf(), { from: sealed.other.memberId, to: sealed.other.memberId });
    const nobody = await someone('Nobody');
    await whisper(nobody, sealed.other, offerOf());
    // Not even a stream that is given another member’s whispers takes them.
    for (const { handlers } of room.streams) {
      const event = { id: '9-9', event: 'member.whispered', data: await whisper(eve, sealed.me, offerOf()) };
      handlers.onEvent(event);
    }
    await eventually(() => expect(ann.talks.offers.get().length).toBeGreaterThan(0));
    expect(ann.talks.offers.get().map(({ from }) => from)).toEqual([eve.memberId]);
    expect(ben.talks.offers.get()).toEqual([]);
  });

  it('is not heard from somebody who was removed, whatever the server lists', async () => {
    const { sealed, ben, room, whisper } = await sealedScene();
    const eve = await someone('Eve');
    await sealed.seat(eve);
    await eventually(() => expect(ben.session.people.get()).toHaveLength(3));
    room.leave(eve.memberId, 'removed');
    await sealed.seat(eve);
    await eventually(() => expect(ben.session.people.get()).toHaveLength(3));
    await whisper(eve, sealed.other, offerOf());
    await whisper(sealed.me, sealed.other, offerOf());
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    expect(ben.talks.offers.get()[0]?.from).toBe(sealed.me.memberId);
    // Nor is anything offered to them.
    scene.ann.talks.ask(eve.memberId);
    await eventually(() => expect(stateOf(scene.ann.talks, eve.memberId)).toBe('unverified'));
  });

  it('leads nowhere but to a room of this site, with a key', async () => {
    const { sealed, ben, whisper } = await sealedScene();
    const wrong = [
      offerOf({ roomId: 'https://evil.example/room/' }),
      offerOf({ roomId: `${ANOTHER_ROOM}/../..` }),
      offerOf({ roomId: '//evil.example' }),
      offerOf({ secret: `${makeSecret()}&next=//evil.example` }),
      offerOf({ secret: undefined }),
      offerOf({ id: 'short' }),
      offerOf({ id: undefined }),
      offerOf({ kind: 'link', href: 'javascript:alert(1)' }),
      // This very room.
      offerOf({ roomId: ROOM_ID }),
      [],
    ];
    for (const said of wrong) await whisper(sealed.me, sealed.other, said);
    await whisper(sealed.me, sealed.other, offerOf({ href: 'https://evil.example', path: '//evil.example' }));
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    expect(ben.talks.offers.get()[0]?.path).toMatch(/^\/room\/[A-Za-z0-9]{22}#[\w-]{43}$/);
  });

  it('is not opened when it is no whisper at all', async () => {
    const { sealed, ben, room, whisper } = await sealedScene();
    const { from, to, text } = await whisper(sealed.me, sealed.other, {});
    const flipped = `${text.slice(0, 100)}${text[100] === 'A' ? 'B' : 'A'}${text.slice(101)}`;
    for (const wrong of [
      '',
      '.',
      'x'.repeat(8_192),
      'x'.repeat(1_000_000),
      flipped,
      `${text}=`,
      `v2.0.${text}`,
      'ask.A',
    ])
      room.whisper({ from, to, text: wrong });
    await whisper(sealed.me, sealed.other, offerOf());
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
  });

  it('answers nothing but the offer that was made to that member', async () => {
    const { sealed, ann, ben, whisper } = await sealedScene();
    const eve = await someone('Eve');
    await sealed.seat(eve);
    await eventually(() => expect(ann.session.people.get()).toHaveLength(3));
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    const re = ben.talks.offers.get()[0]?.id ?? '';
    await whisper(eve, sealed.me, { id: makeWhisperId(), kind: 'answer', re, answer: 'opened' });
    await whisper(eve, sealed.other, { id: makeWhisperId(), kind: 'withdrawn', re });
    await whisper(sealed.other, sealed.me, {
      id: makeWhisperId(),
      kind: 'answer',
      re: makeWhisperId(),
      answer: 'opened',
    });
    await whisper(sealed.other, sealed.me, { id: makeWhisperId(), kind: 'answer', re, answer: 'maybe' });
    await calm();
    expect(stateOf(ann.talks, ben.memberId)).toBe('waiting');
    expect(ben.talks.offers.get()).toHaveLength(1);
  });

  it('is offered to nobody whose keys are not those of the seat', async () => {
    const { sealed, ann, room } = await sealedScene();
    const [eve, mallory] = [await someone('Eve'), await someone('Mallory')];
    room.members.push({
      memberId: mallory.memberId,
      owner: false,
      joinedAt: 0,
      here: true,
      card: await sealed.card(eve),
    });
    const card = await sealed.card(eve);
    room.emit('member.joined', { memberId: mallory.memberId, joinedAt: 0, card });
    await eventually(() => expect(ann.session.people.get()).toHaveLength(3));
    ann.talks.ask(mallory.memberId);
    await eventually(() => expect(stateOf(ann.talks, mallory.memberId)).toBe('unverified'));
    expect(ann.browser.asked).toBe(0);
    expect(room.whispers).toEqual([]);
  });

  it('nobody is heard for ever: a flood ends by itself, and others are heard', async () => {
    const { sealed, ben, whisper } = await sealedScene();
    const eve = await someone('Eve');
    await sealed.seat(eve);
    await eventually(() => expect(ben.session.people.get()).toHaveLength(3));
    for (let count = 0; count < 30; count += 1) await whisper(eve, sealed.other, offerOf());
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    await whisper(sealed.me, sealed.other, offerOf());
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(2));
  });
});

describe('in a plain room', () => {
  const plainScene = async () => {
    scene = await openScene('plain');
    return scene;
  };
  const asks = (by: MemberId) => scene.room.whispers.filter(({ from, text }) => from === by && text.startsWith('ask.'));
  const keys = (by: MemberId) => scene.room.whispers.filter(({ from, text }) => from === by && text.startsWith('key.'));

  it('a key that another member gives, or that is no key, is not taken', async () => {
    const { ann, ben, room } = await plainScene();
    const eve = await seatSomebody(scene, 'Eve');
    const { streams } = room;
    // Ben’s page hears nothing yet.
    const benStreams = [...streams].filter(({ member }) => member === ben.memberId);
    for (const stream of benStreams) streams.delete(stream);
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(asks(ann.memberId)).toHaveLength(1));
    const { text } = asks(ann.memberId)[0] ?? { text: '' };
    const key = text.replace('ask.', 'key.');
    const { spelled } = await makeExchangeKey();
    room.whisper({ from: eve, to: ann.memberId, text: `${key}.${spelled}` });
    for (const wrong of ['', spelled.slice(0, -1), `${spelled}A`, spelled.replace(/^./, 'A'), 'B'.repeat(87)])
      room.whisper({ from: ben.memberId, to: ann.memberId, text: `${key}.${wrong}` });
    await calm();
    expect(ann.browser.asked).toBe(0);
    for (const stream of benStreams) streams.add(stream);
    room.whisper({ from: ann.memberId, to: ben.memberId, text });
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
  });

  it('the first key counts, and what is sealed with it is heard once', async () => {
    const { ann, ben, room } = await plainScene();
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    const sealed = room.whispers.find(({ text }) => text.startsWith('sealed.'));
    if (sealed === undefined) throw new Error('nothing was sealed');
    const key = keys(ben.memberId)[0];
    const { spelled } = await makeExchangeKey();
    const again = (key?.text ?? '').split('.').with(2, spelled).join('.');
    room.whisper({ from: ben.memberId, to: ann.memberId, text: again });
    ben.talks.answer(ben.talks.offers.get()[0]?.id ?? '', 'declined');
    await eventually(() => expect(stateOf(ann.talks, ben.memberId)).toBe('declined'));
    room.whisper(sealed);
    // The same, as another member’s, and turned round.
    room.whisper({ ...sealed, to: ann.memberId, from: ben.memberId });
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
    expect(ann.talks.offers.get()).toEqual([]);
    expect(ann.browser.asked).toBe(1);
  });

  it('an exchange is between two members, and nobody else’s words are taken for theirs', async () => {
    const { ann, ben, room } = await plainScene();
    const eve = await seatSomebody(scene, 'Eve');
    const { privateKey, spelled: asked } = await makeExchangeKey();
    room.whisper({ from: eve, to: ben.memberId, text: `ask.${asked}` });
    await eventually(() => expect(keys(ben.memberId)).toHaveLength(1));
    const answered = keys(ben.memberId)[0]?.text.split('.')[2] ?? '';
    const publicKey = await readExchangeKey(answered);
    if (publicKey === null) throw new Error('no key');
    const seal = (from: MemberId, exchange = { asked, answered }) =>
      sealWhisper({ roomId: ROOM_ID, from, to: ben.memberId }, { privateKey, publicKey }, offerOf(), exchange);
    // Eve’s key and Ann’s name; Eve’s name and Ann’s place; another exchange.
    room.whisper({ from: ann.memberId, to: ben.memberId, text: `sealed.${asked}.${await seal(ann.memberId)}` });
    room.whisper({ from: eve, to: ben.memberId, text: `sealed.${asked}.${await seal(ann.memberId)}` });
    const another = await seal(eve, { asked: answered, answered: asked });
    room.whisper({ from: eve, to: ben.memberId, text: `sealed.${asked}.${another}` });
    await calm();
    expect(ben.talks.offers.get()).toEqual([]);
    room.whisper({ from: eve, to: ben.memberId, text: `sealed.${asked}.${await seal(eve)}` });
    await eventually(() => expect(ben.talks.offers.get()).toMatchObject([{ from: eve }]));
  });

  it('a flood of asks is answered five times, and words in the clear are nothing', async () => {
    const { ann, ben, room } = await plainScene();
    const eve = await seatSomebody(scene, 'Eve');
    for (let count = 0; count < 20; count += 1) {
      const { spelled } = await makeExchangeKey();
      room.whisper({ from: eve, to: ben.memberId, text: `ask.${spelled}` });
      room.whisper({ from: eve, to: ben.memberId, text: JSON.stringify(offerOf()) });
    }
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(ben.talks.offers.get()).toMatchObject([{ from: ann.memberId }]));
    expect(keys(ben.memberId).filter(({ to }) => to === eve)).toHaveLength(5);
  });

  it('a listener of all whispers, such as the stock client’s, reads nothing in them', async () => {
    const { ann, ben, room } = await plainScene();
    ann.talks.ask(ben.memberId);
    await eventually(() => expect(ben.talks.offers.get()).toHaveLength(1));
    const [offer] = ben.talks.offers.get();
    ben.talks.answer(offer?.id ?? '', 'opened');
    await eventually(() => expect(stateOf(ann.talks, ben.memberId)).toBe('opened'));
    expect(room.whispers.map(({ text }) => text.replace(/[\w-]{16,}/g, '…'))).toEqual([
      'ask.…',
      'key.….…',
      'sealed.….….…',
      'sealed.….….…',
    ]);
    const sizes = room.whispers.slice(2).map(({ text }) => text.length);
    expect(new Set(sizes).size).toBe(1);
  });
});

it.each<Kind>(['sealed', 'plain'])('what another program says to the tabs of a %s room is nothing', async (kind) => {
  scene = await openScene(kind);
  const { ben } = scene;
  const channel = ben.browser.tabs.open(`mayfly:private-talk:${ROOM_ID}:${ben.memberId}`);
  const wrong = [
    null,
    'offered',
    { type: 'offered', from: scene.ann.memberId, room: offerOf({ roomId: 'https://evil.example' }) },
    { type: 'offered', from: 'nobody', room: offerOf() },
    { type: 'answered', from: scene.ann.memberId, id: makeWhisperId(), answer: 'opened', isPassedOn: false },
  ];
  for (const message of wrong) channel.postMessage(message);
  expect(ben.talks.offers.get()).toEqual([]);
});

it('a browser without channels between its tabs shows and answers all the same', async () => {
  scene = await openScene('sealed');
  const browser = new FakeTalkBrowser(new FakeTabs());
  const load = async () => ({ ...(await browser.load()), openChannel: undefined });
  const { sealed, room } = scene;
  if (sealed === null) throw new Error('the room is plain');
  const eve = await someone('Eve');
  await sealed.seat(eve);
  const session = sealed.openSession(
    { seat: { memberId: eve.memberId, owner: false }, identity: eve.identity, name: 'Eve' },
    { ...room.browserOf(eve.memberId), loadPrivateTalk: load },
  );
  await eventually(() => expect(scene.ann.session.people.get()).toHaveLength(3));
  scene.ann.talks.ask(eve.memberId);
  await eventually(() => expect(session.privateTalk?.get()?.offers.get()).toHaveLength(1));
  const talks = session.privateTalk?.get();
  talks?.answer(talks.offers.get()[0]?.id ?? '', 'opened');
  await eventually(() => expect(stateOf(scene.ann.talks, eve.memberId)).toBe('opened'));
});
