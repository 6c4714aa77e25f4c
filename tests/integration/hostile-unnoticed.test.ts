import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealCard } from '@/crypto/card';
import { memberMark } from '@/crypto/member-mark';
import { makeEpoch } from '@/crypto/new-epoch';
import { readEnv } from '@/server/env';
import { openStorage, type Storage } from '@/server/storage/client';
import type { RunningSession } from '@/session/running-session';
import { startApp, type TestApp } from '@tests/support/app';
import { HostileRoom, keysOf } from '@tests/support/hostile-server';
import { linesOf, noticesOf, someone } from '@tests/support/sealed-room';
import { eventually } from '@tests/support/storage-expectations';

let storage: Storage;
let app: TestApp;
beforeAll(async () => {
  storage = await openStorage(readEnv({}).storage);
  app = await startApp(storage);
});
afterAll(async () => {
  await app.close();
  await storage.close();
});

async function meet() {
  const room = await HostileRoom.open(app, 'Ann');
  const [ben, eve] = [await room.join('Ben'), await room.join('Eve')];
  return { room, ann: room.owner, ben, eve };
}

const seesPeople = (session: RunningSession, count: number) =>
  eventually(() => expect(session.people.get()).toHaveLength(count));
const sees = (session: RunningSession, lines: readonly string[]) =>
  eventually(() => expect(linesOf(session)).toEqual(lines));
const say = (session: RunningSession, text: string) => {
  session.setDraft(text);
  session.send();
};
const phraseOf = (session: RunningSession) => session.info.get().safetyPhrase;

const SECURITY = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

/** What a server does without anybody noticing, each by the sentence that names it. */
const UNNOTICED: readonly { readonly said: string; readonly shown: string; readonly act: () => Promise<void> }[] = [
  {
    shown: 'withholds a message',
    said: 'it can withhold messages',
    act: async () => {
      const { ann, ben } = await meet();
      const [anns, bens] = [await ann.open(), await ben.open()];
      let withheld = 0;
      ben.server.events = (told) => (told.event === 'chat.message' && (withheld += 1) === 1 ? [] : [told]);
      say(anns, 'one');
      say(anns, 'two');
      await sees(bens, ['Ann: two']);
    },
  },
  {
    shown: 'delays and reorders messages',
    said: 'delay and reorder them',
    act: async () => {
      const { room, ann, ben } = await meet();
      const bens = await ben.open();
      await seesPeople(bens, 3);
      const [one, two] = [await room.seal(ann, 'first-one', 'one'), await room.seal(ann, 'second-one', 'two')];
      ben.server.say(ann.memberId, 'second-one', two);
      ben.server.say(ann.memberId, 'first-one', one);
      await sees(bens, ['Ann: two', 'Ann: one']);
    },
  },
  {
    shown: 'keeps what was taken back',
    said: 'keep what was taken back',
    act: async () => {
      const { ann, ben } = await meet();
      const [anns, bens] = [await ann.open(), await ben.open()];
      ben.server.events = (told) => (told.event === 'message.removed' ? [] : [told]);
      say(anns, 'one');
      await sees(bens, ['Ann: one']);
      const [entry] = anns.transcript.get().entries;
      if (entry?.kind === 'message') anns.takeBack(entry.id);
      await sees(anns, []);
      say(anns, 'two');
      await sees(bens, ['Ann: one', 'Ann: two']);
    },
  },
  {
    shown: 'shows a name that somebody had before',
    said: 'show a name that somebody had before',
    act: async () => {
      const { room, ann, ben } = await meet();
      const bens = await ben.open();
      await seesPeople(bens, 3);
      const [old, renamed] = [
        await sealCard(room.keys, ann.identity, 'Ann'),
        await sealCard(room.keys, ann.identity, 'Anna'),
      ];
      ben.server.tell('member.updated', { memberId: ann.memberId, card: renamed });
      await eventually(() => expect(bens.people.get()[0]?.name).toBe('Anna'));
      ben.server.tell('member.updated', { memberId: ann.memberId, card: old });
      await eventually(() => expect(bens.people.get()[0]?.name).toBe('Ann'));
      expect(noticesOf(bens)).toEqual(['renamed', 'renamed']);
    },
  },
  {
    shown: 'names the owner',
    said: 'name the owner',
    act: async () => {
      const { ben, eve } = await meet();
      const bens = await ben.open();
      await seesPeople(bens, 3);
      ben.server.tell('room.updated', { ownerId: eve.memberId });
      await eventually(() => expect(bens.people.get().find(({ owner }) => owner)?.name).toBe('Eve'));
    },
  },
  {
    shown: 'says who is here',
    said: 'say who is here',
    act: async () => {
      const { ben, eve } = await meet();
      const bens = await ben.open();
      await seesPeople(bens, 3);
      ben.server.tell('presence.changed', { here: [ben.memberId, eve.memberId] });
      await eventually(() =>
        expect(bens.people.get().flatMap(({ name, here }) => (here ? [name] : []))).toEqual(['Ben', 'Eve']),
      );
    },
  },
  {
    shown: 'and a member show a latecomer a seat that looks like another one, whose mark differs',
    said: 'show somebody who joins late a seat that looks like another one (its mark differs)',
    act: async () => {
      const { room, ann } = await meet();
      const late = await room.join('Late');
      const double = await someone('Ann');
      const card = await sealCard(room.keys, double.identity, 'Ann');
      late.server.answer('GET /api/members', (body) => {
        const { members } = body as { members: { memberId: string }[] };
        const { memberId } = double;
        return {
          ...body,
          members: members.map((one) => (one.memberId === ann.memberId ? { ...one, memberId, card } : one)),
        };
      });
      const lates = await late.open();
      late.server.say(double.memberId, 'words-of-double', await room.seal(double, 'words-of-double', 'trust me'));
      await sees(lates, ['Ann: trust me']);
      const [one, other] = [
        await memberMark(room.roomId, ann.memberId),
        await memberMark(room.roomId, double.memberId),
      ];
      expect(one).not.toEqual(other);
    },
  },
  {
    shown: 'and a member talk of invented people before a removal',
    said: 'talk of invented people before a removal',
    act: async () => {
      const { room, ben } = await meet();
      const ghost = await someone('Ghost');
      const card = await sealCard(room.keys, ghost.identity, 'Ghost');
      ben.server.answer('GET /api/members', (body) => ({ ...body, former: [{ memberId: ghost.memberId, card }] }));
      const bens = await ben.open();
      ben.server.say(ghost.memberId, 'words-of-ghost', await room.seal(ghost, 'words-of-ghost', 'I was here'));
      await sees(bens, ['Ghost: I was here']);
    },
  },
  {
    shown: 'and a member split the room by two new keys, whose phrases differ',
    said: 'split the room in two by giving it two new keys (the safety phrases differ)',
    act: async () => {
      const { room, ann, ben, eve } = await meet();
      const [anns, bens] = [await ann.open(), await ben.open()];
      await seesPeople(anns, 3);
      await seesPeople(bens, 3);
      expect(phraseOf(anns)).toEqual(phraseOf(bens));
      const others = [{ memberId: ben.memberId, agree: ben.identity.agree.publicKey }];
      const standing = { roomId: room.roomId, identity: eve.identity, keys: room.keys };
      const { request } = await makeEpoch(standing, others, []);
      const { proofHash: _, ...told } = request;
      ben.server.events = (event) => (['room.rekeyed', 'member.left'].includes(event.event) ? [] : [event]);
      ben.server.tell('room.updated', { ownerId: eve.memberId });
      ben.server.tell('room.rekeyed', { ...told, by: eve.memberId });
      await eventually(() => expect(bens.info.get()).toMatchObject({ room: { epoch: 1 }, muted: null }));
      anns.removeMember(eve.memberId, false);
      await eventually(() => expect(anns.info.get().room.epoch).toBe(1));
      expect(phraseOf(anns)).not.toEqual(phraseOf(bens));
      expect((await keysOf(anns, 1)).keyCheck).not.toBe((await keysOf(bens, 1)).keyCheck);
    },
  },
  {
    shown: 'keeps a page from hearing of a new key',
    said: 'The server can keep a page from hearing of it; that page then goes on under the old key, and hears nobody who has the new one.',
    act: async () => {
      const { room, ann, ben, eve } = await meet();
      const [anns, bens] = [await ann.open(), await ben.open()];
      await seesPeople(anns, 3);
      await seesPeople(bens, 3);
      ben.server.events = (told) =>
        ['room.rekeyed', 'member.left', 'chat.message'].includes(told.event) ? [] : [told];
      anns.removeMember(eve.memberId, false);
      await eventually(() => expect(anns.info.get().room.epoch).toBe(1));
      say(anns, 'without Eve');
      ben.server.say(eve.memberId, 'old-words', await room.seal(eve, 'old-words', 'I am still here'));
      await sees(bens, ['Eve: I am still here']);
      expect(bens.info.get().muted).toBeNull();
    },
  },
];

describe('without being noticed, a server', () => {
  it.each(UNNOTICED.map((one) => [one.shown, one] as const))(
    '%s, and SECURITY.md says so',
    async (_, { said, act }) => {
      expect(SECURITY).toContain(said);
      await act();
    },
  );
});
