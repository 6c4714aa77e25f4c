import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeSecret } from '@/crypto/fragment';
import { hashProof } from '@/crypto/room-keys';
import { MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import { roomIdSchema } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { type TestApp, startApp } from '@tests/support/app';
import { roomsApi } from '@tests/support/rooms';
import { makeOwn, messagesOf, openSession, type Own, PLAIN, write } from '@tests/support/served-session';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

/** More than a page of the history. */
const FLOOD = 210;
/** They go out one after the other, each as soon as the one before it is stored. */
const FLOOD_MS_MAX = 25_000;

/** What a person sees of the messages. */
const screenOf = (session: RoomSession) =>
  messagesOf(session).map(({ text, edited, reactions = [], re }) => ({
    text,
    edited: edited !== undefined,
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

const expectFlood = (session: RoomSession, screen: readonly unknown[]) =>
  vi.waitFor(() => expect(screenOf(session)).toEqual(screen), { timeout: FLOOD_MS_MAX, interval: 50 });

describeOnEveryStorage('two people', (current) => {
  let app: TestApp | undefined;
  afterAll(() => app?.close());

  /** A room with Ann, and Ben as often as he opens it. */
  async function meet(sealed: boolean) {
    const { url } = (app ??= await startApp(current().storage));
    const rooms = roomsApi(app);
    if (!sealed) {
      const owner = await rooms.open();
      const guest = await rooms.join(owner.roomId);
      const openBen = () => openSession(url, guest, PLAIN, 'Ben');
      return { ann: await openSession(url, owner, PLAIN), ben: await openBen(), openBen };
    }
    const { ann, join } = await meetSealed();
    const { seat, own, session } = await join('Ben');
    return { ann, ben: session, openBen: () => openSession(url, seat, own) };
  }

  /** A sealed room with Ann, which others may join by its first link. */
  async function meetSealed() {
    const { url } = (app ??= await startApp(current().storage));
    const rooms = roomsApi(app);
    const secret = makeSecret();
    const first = await makeOwn(secret, 'Ann');
    const keyCheck = first.own.keys?.keyCheck;
    const proofHash = await hashProof(first.proof);
    const owner = await rooms.open({ sealed: true, keyCheck, proofHash, ...first.newcomer });
    const { roomId } = owner;
    const join = async (name: string) => {
      const { own, proof, newcomer } = await makeOwn(secret, name);
      const seat = await rooms.join(roomId, { proof, ...newcomer });
      return { seat, own, session: await openSession(url, seat, own) };
    };
    return { ann: await openSession(url, owner, first.own), annsSecrets: first.own.secrets, join };
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

    it('hear of a new room that one of them offers, with its key where nobody else can read it', async () => {
      const { ann, ben } = await meet(sealed);
      const offer = { roomId: roomIdSchema.parse('Zz0Bb1Cc2Dd3Ee4Ff5Gg6H'), secret: makeSecret() };
      ann.offerRoom(offer);
      const heard = sealed ? offer : { roomId: offer.roomId };
      for (const session of [ann, ben])
        await eventually(() => expect(messagesOf(session).map((message) => message.offer)).toEqual([heard]));
      expect(messagesOf(ben)[0]?.text).toContain(`/room/${offer.roomId}`);
      expect(messagesOf(ben)[0]?.text?.includes(offer.secret)).toBe(sealed);
    });

    it('begin at the newest page of a long talk, and read back to its beginning', async () => {
      const { ann, ben, openBen } = await meet(sealed);
      const texts = Array.from({ length: FLOOD }, (_, index) => `text ${index}`);
      for (const text of texts) {
        ann.setDraft(text);
        ann.send();
      }
      const screen = texts.map((text) => said(text));
      await expectFlood(ben, screen);
      const late = await openBen();
      await expectScreen(late, screen.slice(-MESSAGES_PER_PAGE_MAX));
      expect(late.transcript.get()).toMatchObject({ state: 'ready', older: 'more' });
      late.readOlder();
      await expectScreen(late, screen);
      expect(late.transcript.get().older).toBe('none');
    });
  });

  it('go on with a new key when a third is removed, who can open nothing that is said from then on', async () => {
    const { ann, annsSecrets, join } = await meetSealed();
    const ben = await join('Ben');
    const eve = await join('Eve');
    await write(eve.session, 'before');
    for (const { session } of [ben, eve]) await expectScreen(session, [said('before')]);
    const ends = eve.session.connection;

    ann.removeMember(eve.seat.memberId, false);
    await eventually(() => expect([annsSecrets.length, ben.own.secrets.length]).toEqual([1, 1]));
    expect(ben.own.secrets).toEqual(annsSecrets);
    await eventually(() => expect(ends.get().state).toBe('ended'));
    expect(eve.own.secrets).toEqual([]);

    await write(ann, 'after');
    await write(ben.session, 'and after');
    const screen = [said('before'), said('after'), said('and after')];
    for (const session of [ann, ben.session]) await expectScreen(session, screen);
    // Whoever comes back with the first link is led on by their wrap, and opens both keys' words.
    const { url } = (app ??= await startApp(current().storage));
    const again: Own = { ...ben.own, secrets: [] };
    await expectScreen(await openSession(url, ben.seat, again), screen);
    expect(again.secrets).toEqual(annsSecrets);
    await expect(join('Eve')).rejects.toThrow('wrong_key');
  });

  it('go on with a new link of which one heard only later', async () => {
    const { ann, annsSecrets, join } = await meetSealed();
    const ben = await join('Ben');
    for (const count of [1, 2, 3]) {
      ann.renewLink();
      await eventually(() => expect(annsSecrets).toHaveLength(count));
      await eventually(() => expect(ann.actions.get().pending).toBeNull());
    }
    await write(ann, 'news');
    await write(ben.session, 'heard');
    await expectScreen(ann, [said('news'), said('heard')]);
    expect(ben.own.secrets).toEqual(annsSecrets);
  });
});
