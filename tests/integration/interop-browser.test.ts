import { setImmediate as giveTurn } from 'node:timers/promises';
import { Window } from 'happy-dom';
import { createElement } from 'react';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { type EventSourceSetup, eventSourceClass } from '@tests/support/event-source';
import { soon } from '@tests/support/event-stream';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { StockPage } from '@tests/support/stock-page';
import { describeOnEveryStorage } from '@tests/support/storages';

const texts = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `text ${from + index}`);

describeOnEveryStorage('the unmodified browser provider of Upstash Realtime on our stream', (current) => {
  let app: TestApp;
  let limited: TestApp;
  let api: RoomsApi;
  const window = new Window({ url: 'http://localhost/' });
  beforeAll(async () => {
    // react-dom looks for these globals, and goes on looking after a page is gone.
    for (const name of ['window', 'document', 'navigator'] as const) vi.stubGlobal(name, window[name]);
    app = await startApp(current().storage);
    limited = await startApp(current().storage, { timings: { renewal: 400 } });
    api = roomsApi(app);
  });
  afterAll(async () => {
    await app.close();
    await limited.close();
    await window.happyDOM.close();
  });

  /** A page that shows the room's messages through the library's own provider and hook. */
  async function openPage({ url }: TestApp, { roomId, token }: Seat) {
    const setup: EventSourceSetup = { headers: { cookie: `mayfly_${roomId}=${token}` }, asked: [] };
    vi.stubGlobal('EventSource', eventSourceClass(setup));
    const { createRoot } = await import('react-dom/client');
    const heard: { event: string; data: unknown }[] = [];
    const container = window.document.createElement('div');
    // happy-dom makes elements, though not of the browser's own types.
    const root = createRoot(container as unknown as Parameters<typeof createRoot>[0]);
    root.render(
      createElement(StockPage, { roomId, url: `${url}/api/realtime`, onEvent: (event) => heard.push(event) }),
    );
    onTestFinished(() => root.unmount());
    await soon(() => expect(container.textContent).toBe('connected'));
    const textsHeard = () =>
      heard.flatMap(({ event, data }) => (event === 'chat.message' ? [(data as { text: string }).text] : []));
    return { heard, textsHeard, setup };
  }

  it('connects, and hears messages, newcomers and the end', async () => {
    const owner = await api.open();
    const page = await openPage(app, owner);
    for (const text of texts(1, 5)) await owner.send({ text });
    const guest = await api.join(owner.roomId);
    await soon(() => expect(page.heard).toHaveLength(6));
    expect(page.textsHeard()).toEqual(texts(1, 5));
    expect(page.heard.at(-1)).toEqual({
      event: 'member.joined',
      data: { memberId: guest.memberId, joinedAt: expect.any(Number) as number },
    });
    await owner.destroy();
    await soon(() =>
      expect(page.heard.at(-1)).toEqual({ event: 'chat.destroy', data: { isDestroyed: true, reason: 'destroyed' } }),
    );
  });

  it('reconnects after planned ends with its own position, and hears everything once and in order', async () => {
    const owner = await api.open();
    const page = await openPage(limited, owner);
    let said = 0;
    while (page.setup.asked.length < 4) {
      said += 1;
      await owner.send({ text: `text ${said}` });
      // The embedded storage answers without giving sockets their turn.
      await giveTurn();
    }
    await soon(() => expect(page.textsHeard()).toEqual(texts(1, said)));
    expect(page.setup.asked.at(-1)).toMatch(new RegExp(`last_ack_${owner.roomId}=\\d+-\\d+$`));
  });

  it('misses nothing through broken connections, although it repeats some events by its own doing', async () => {
    const owner = await api.open();
    const page = await openPage(app, owner);
    for (let round = 0; round < 3; round += 1) {
      for (const text of texts(round * 10 + 1, round * 10 + 5)) await owner.send({ text });
      await soon(() => expect(page.textsHeard()).toContain(`text ${round * 10 + 5}`));
      app.dropConnections();
      for (const text of texts(round * 10 + 6, round * 10 + 10)) await owner.send({ text });
    }
    await soon(() => expect([...new Set(page.textsHeard())]).toEqual(texts(1, 30)));
  });
});
