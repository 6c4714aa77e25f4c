import { createPublicKey, verify, webcrypto } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltServer, startBuiltServer } from '../../scripts/built-server.mjs';
import { chromiumEngine } from './support/chromium';
import type { Browser, Engine, Windows } from './support/driver';
import { firefoxEngine } from './support/firefox';
import { makeKeys, proveKeptKeys } from './support/kept-keys';
import { RoomPage, until } from './support/room-page';
import { startStreamCounter, type StreamCounter } from './support/stream-counter';
import { webkitEngine } from './support/webkit';

const ENGINES = [chromiumEngine, firefoxEngine, webkitEngine];
const installed = ENGINES.filter((engine) => engine.isInstalled());

let server: BuiltServer;
let counter: StreamCounter;

beforeAll(async () => {
  server = await startBuiltServer({ settings: { RATE_LIMITS: 'off' } });
  counter = await startStreamCounter(server.port);
});

afterAll(async () => {
  await counter.stop();
  await server.stop();
});

// A skipped test keeps a missing engine in the totals; scripts/verify.mjs says how to install it.
for (const { name } of ENGINES.filter((engine) => !installed.includes(engine))) test.skip(`${name} is missing`);

/** The windows of WebKit are private in the first cast already. */
const CASTS: [Windows, Engine[]][] = [
  ['ordinary', installed],
  ['private', installed.filter(({ hasOrdinaryWindows }) => hasOrdinaryWindows)],
];

// An engine alone has nobody to talk with.
const casts = CASTS.filter(([, engines]) => engines.length > 1);

describe.each(casts)('in %s windows', (windows, engines) => {
  const browsers = new Map<Engine, Browser>();

  beforeAll(async () => {
    const starts = engines.map(async (engine) => browsers.set(engine, await engine.start(windows)));
    // All have started or failed before the first fault ends the hook, so every browser that runs is known and stopped.
    await Promise.allSettled(starts);
    await Promise.all(starts);
    console.log(`In ${windows} windows: ${[...browsers.values()].map(({ version }) => version).join(', ')}`);
  });

  afterEach(async () => {
    for (const browser of browsers.values()) await browser.closeTabs();
  });

  afterAll(async () => {
    for (const browser of browsers.values()) await browser.stop();
  });

  const newPage = async (engine: Engine) => {
    const browser = browsers.get(engine);
    if (browser === undefined) throw new Error(`${engine.name} did not start.`);
    return new RoomPage(await browser.newTab());
  };

  /** A room that one engine made, and that all others joined under their own names. */
  const newTalk = async (maker: Engine) => {
    const owner = await newPage(maker);
    const link = await owner.makeRoom(counter.url);
    const guests = new Map<Engine, RoomPage>();
    const join = async (engine: Engine) => {
      const guest = await newPage(engine);
      guests.set(engine, guest);
      await guest.join(link, engine.name);
    };
    await Promise.all(engines.filter((other) => other !== maker).map(join));
    return { owner, guests, everybody: [owner, ...guests.values()], link };
  };

  describe.each(engines.map((engine) => [engine.name, engine] as const))('%s', (_, engine) => {
    test('makes a sealed room in which everybody reads everybody, before and after a reload', async () => {
      const { owner, guests, everybody } = await newTalk(engine);
      const said = ['Grüße, 你好 from the owner'];
      await owner.say('Grüße, 你好 from the owner');
      for (const [{ name }, guest] of guests) {
        // The order of the talk is the server's, and two browsers send at the same time.
        await guest.expectTalk(said);
        said.push(`an answer from ${name}`);
        await guest.say(`an answer from ${name}`);
      }
      await Promise.all(everybody.map((page) => page.expectTalk(said)));

      await Promise.all(everybody.map((page) => page.reload()));
      await owner.say('still here?');
      const names = [...guests.keys()].map(({ name }) => name);
      for (const page of everybody) {
        await page.expectTalk([...said, 'still here?']);
        await page.expectPeople(names);
      }
    });

    test('shares one event stream among its tabs, and another tab takes over when the first is closed', async () => {
      const maker = engines.find((other) => other !== engine) ?? engine;
      const { owner, guests, link } = await newTalk(maker);
      const first = guests.get(engine);
      if (first === undefined) throw new Error(`${engine.name} is not in the room.`);
      const roomId = new URL(link).pathname.split('/').at(-1) ?? '';
      const streams = () => counter.streamsOf(engine.userAgent, roomId);

      const second = await first.openSecondTab(link);
      await owner.say('to both tabs');
      await second.expectTalk(['to both tabs']);
      await second.say('from the second');
      for (const page of [first, second, owner]) await page.expectTalk(['to both tabs', 'from the second']);
      expect(streams()).toEqual({ requested: 1, open: 1 });

      await first.tab.close();
      const talk = ['to both tabs', 'from the second', 'to the tab that is left'];
      await owner.say('to the tab that is left');
      await second.expectTalk(talk);
      await second.say('taken over');
      talk.push('taken over');
      for (const page of [second, owner]) await page.expectTalk(talk);
      await until(() => expect(streams()).toEqual({ requested: 2, open: 1 }));
    });

    test('keeps keys that cannot be exported in IndexedDB, and uses them after a reload and in another tab', async () => {
      const { tab } = await newPage(engine);
      await tab.open(counter.url);
      const theirs = await makeKeys(tab);
      await tab.reload();
      const second = await tab.newTab();
      await second.open(counter.url);

      const curve = { name: 'ECDH', namedCurve: 'P-256' };
      const ours = await webcrypto.subtle.generateKey(curve, true, ['deriveBits']);
      const ourPublicKey = await webcrypto.subtle.exportKey('jwk', ours.publicKey);
      const theirAgree = await webcrypto.subtle.importKey('jwk', theirs.agree, curve, true, []);
      const secret = await webcrypto.subtle.deriveBits({ name: 'ECDH', public: theirAgree }, ours.privateKey, 256);
      const signKey = createPublicKey({ key: { ...theirs.sign }, format: 'jwk' });
      for (const [place, page] of Object.entries({ reloaded: tab, second })) {
        const proof = await proveKeptKeys(page, `signed in the ${place} tab`, ourPublicKey);
        expect(
          verify(
            'sha256',
            Buffer.from(`signed in the ${place} tab`),
            { key: signKey, dsaEncoding: 'ieee-p1363' },
            Buffer.from(proof.signature),
          ),
        ).toBe(true);
        expect(proof.secret).toEqual(Array.from(new Uint8Array(secret)));
        expect(proof.refusals).toEqual(['InvalidAccessError', 'InvalidAccessError']);
      }
    });

    test('removes a member and moves the others to a new key, which a reload keeps, and destroys the room for everybody', async () => {
      const { owner, guests, everybody, link } = await newTalk(engine);
      const [first] = guests;
      if (first === undefined) throw new Error('Nobody is there to be removed.');
      const [{ name }, removed] = first;
      await owner.say('before the removal');
      for (const page of everybody) await page.expectTalk(['before the removal']);

      await owner.remove(name);
      await removed.expectRemoved();
      const others = everybody.filter((page) => page !== removed);
      await owner.say('after the removal');
      const talk = ['before the removal', 'after the removal'];
      for (const page of others) await page.expectTalk(talk);
      const [newLink, ...same] = await Promise.all(others.map((page) => page.tab.url()));
      expect(newLink).not.toBe(link);
      expect(new Set(same)).toEqual(new Set(same.length > 0 ? [newLink] : []));

      await Promise.all(others.map((page) => page.reload()));
      await owner.say('after the reload');
      for (const page of others) await page.expectTalk([...talk, 'after the reload']);
      const back = await removed.tab.newTab();
      await back.open(link);
      await new RoomPage(back).expectReplaced();

      await owner.destroyRoom();
      for (const page of others) await page.expectOver(everybody.length);
      await removed.expectRemoved();
    });
  });
});
