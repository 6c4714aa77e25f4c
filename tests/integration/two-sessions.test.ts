import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeSecret, secretSchema } from '@/crypto/fragment';
import { sealCard } from '@/crypto/card';
import { deriveJoinProof, deriveRoomKeys, hashProof, type RoomKeys } from '@/crypto/room-keys';
import { MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { type TestApp, startApp } from '@tests/support/app';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { someone, type Someone } from '@tests/support/sealed-room';
import { startSessionOf } from '@tests/support/session-of-seat';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

/** More than a page of the history. */
const FLOOD = 250;

const messagesOf = (session: RoomSession): readonly MessageEntry[] =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'message' ? [entry] : []));

/** What a person sees of the messages. */
const screenOf = (session: RoomSession) =>
  messagesOf(session).map(({ text, edited = false, reactions = [], re }) => ({
    text,
    edited,
    reactions: reactions.map(({ emoji, count, mine }) => `${emoji} ${count}${mine ? ' mine' : ''}`),
    ...(re && { quote: re.text ?? re.state }),
  }));

const said = (text: string, details: Partial<ReturnType<typeof screenOf>[number]> = {}) => ({
  text,
  edited: false,
  reactions: [],
  ...details,
});

const expectScreen = (session: RoomSession, screen: readonly unknown[]) =>
  eventually(() => expect(screenOf(session)).toEqual(screen));

async function write(session: RoomSession, text: string): Promise<MessageEntry> {
  session.setDraft(text);
  session.send();
  const stored = () => messagesOf(session).find((entry) => entry.text === text && entry.state === 'sent');
  await eventually(() => expect(stored()).toBeDefined());
  const message = stored();
  if (message === undefined) throw new Error('The message is gone again');
  return message;
}

/** What a person has in a sealed room: the keys of their link, and their own. */
interface Keyed {
  readonly keys: RoomKeys;
  readonly person: Someone;
}

/** Runs the session of a seat until the end of the test. */
async function openSession(url: string, seat: Seat, keyed: Keyed | null, name = 'Ben'): Promise<RoomSession> {
  const session = await startSessionOf(url, seat, {
    name: keyed?.person.name ?? name,
    nameIsNew: keyed === null,
    keys: keyed?.keys ?? null,
    identity: keyed?.person.identity ?? null,
  });
  onTestFinished(session.stop);
  await eventually(() => expect(session.connection.get().state).toBe('live'));
  return session;
}

describeOnEveryStorage('two people', (current) => {
  let app: TestApp | undefined;
  afterAll(() => app?.close());

  const serve = async () => (app ??= await startApp(current().storage));

  /** A room with Ann, and Ben as often as he opens it. */
  async function meet(sealed: boolean) {
    if (sealed) return meetSealed();
    const { url } = await serve();
    const rooms = roomsApi(await serve());
    const owner = await rooms.open();
    const guest = await rooms.join(owner.roomId);
    const openBen = () => openSession(url, guest, null);
    return { ann: await openSession(url, owner, null, 'Ann'), ben: await openBen(), openBen };
  }

  /** The same in a sealed room, where others may join. */
  async function meetSealed() {
    const { url } = await serve();
    const rooms = roomsApi(await serve());
    const keys = await deriveRoomKeys(makeSecret(), 0);
    const [ann, ben] = [await someone('Ann'), await someone('Ben')];
    const proof = await deriveJoinProof(keys.secret);
    const cardOf = async ({ identity, memberId, name }: Someone) => ({
      memberId,
      card: await sealCard(keys, identity, name),
    });
    const owner = await rooms.open({
      sealed: true,
      keyCheck: keys.keyCheck,
      proofHash: await hashProof(proof),
      ...(await cardOf(ann)),
    });
    const join = async (person: Someone) => rooms.join(owner.roomId, { proof, ...(await cardOf(person)) });
    const guest = await join(ben);
    const open = (seat: Seat, person: Someone, held = keys) => openSession(url, seat, { keys: held, person });
    const openBen = (held = keys) => open(guest, ben, held);
    return { ann: await open(owner, ann), ben: await openBen(), openBen, open, join };
  }

  describe.each([
    ['plain', false],
    ['sealed', true],
  ])('in a %s room', (_, sealed) => {
    it('reply, react, edit and take back, and whoever comes later sees the same', async () => {
      const { ann, ben, openBen } = await meet(sealed);
      const { id, memberId } = await write(ann, 'question');
      await expectScreen(ben, [said('question')]);
      ben.reply({ id, by: memberId }, 'answer');
      ben.react({ id, by: memberId }, '👍');
      ann.edit(id, 'better question');
      const answer = said('answer', { quote: 'better question' });
      await expectScreen(ann, [said('better question', { edited: true, reactions: ['👍 1'] }), answer]);
      const screen = [said('better question', { edited: true, reactions: ['👍 1 mine'] }), answer];
      await expectScreen(ben, screen);
      await expectScreen(await openBen(), screen);

      ann.takeBack(id);
      const rest = [said('answer', { quote: 'taken-back' })];
      for (const session of [ann, ben, await openBen()]) await expectScreen(session, rest);
    });

    it('begin at the newest page of a long talk, and read back to its beginning', async () => {
      const { ann, ben, openBen } = await meet(sealed);
      const texts = Array.from({ length: FLOOD }, (_, index) => `text ${index}`);
      for (const text of texts) {
        ann.setDraft(text);
        ann.send();
      }
      const screen = texts.map((text) => said(text));
      await expectScreen(ben, screen);
      const late = await openBen();
      await expectScreen(late, screen.slice(-MESSAGES_PER_PAGE_MAX));
      expect(late.transcript.get()).toMatchObject({ state: 'ready', older: 'more' });
      late.readOlder();
      await expectScreen(late, screen);
      expect(late.transcript.get().older).toBe('none');
    });
  });

  it('go on with a new key when somebody is removed, and whoever comes later reads all that was said', async () => {
    const { ann, ben, openBen, open, join } = await meetSealed();
    const eve = await someone('Eve');
    const removed = await open(await join(eve), eve);
    await eventually(() => expect(ann.people.get().map(({ name }) => name)).toEqual(['Ann', 'Ben', 'Eve']));
    await write(removed, 'hello');
    await write(ben, 'before');
    ann.removeMember(eve.memberId, false);
    await eventually(() => expect(removed.connection.get().state).toBe('ended'));
    await eventually(() => expect(ben.info.get().room.epoch).toBe(1));
    expect(ben.info.get()).toMatchObject({ link: ann.info.get().link, muted: null });
    await write(ben, 'after');
    await write(ann, 'indeed');
    const screen = ['hello', 'before', 'after', 'indeed'].map((text) => said(text));
    await expectScreen(ann, screen);
    const secret = secretSchema.parse(ann.info.get().link);
    await expectScreen(await openBen(await deriveRoomKeys(secret, 1)), screen);
    // With the link from before, too: the wraps lead to the newest key.
    const old = await openBen();
    await expectScreen(old, screen);
    expect(messagesOf(old).map(({ name }) => name)).toEqual(['Eve', 'Ben', 'Ben', 'Ann']);
    expect(old.info.get().link).toBe(secret);
    await expect(join(await someone('Eve again'))).rejects.toThrow('wrong_key');
    ann.renewLink();
    await eventually(() => expect(ben.info.get().room.epoch).toBe(2));
    ben.rename('Benjamin');
    await eventually(() => expect(ann.people.get().map(({ name }) => name)).toEqual(['Ann', 'Benjamin']));
  });
});
