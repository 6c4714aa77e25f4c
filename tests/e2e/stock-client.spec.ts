import type { Page } from '@playwright/test';
import { openRoom } from './support/program-seat';
import { buildStockPage } from './support/stock-page';
import { expect, test } from './support/visits';

/** Texts that careless code would turn into another type. */
const TEXTS = ['hello', '123', 'true', 'null', '{"id":1}', '[]', '2026-11-21T03:00:00Z', 'Grüße 🌘 \u2028 مرحبا'];

interface Heard {
  event: string;
  channel: string;
  data: Record<string, unknown>;
}

const heardBy = async (page: Page): Promise<Heard[]> =>
  (await page.getByRole('listitem').allTextContents()).map((text) => JSON.parse(text) as Heard);

// The browser asks once more for a stream that has ended, and some seconds later reads that the room is gone.
test.use({ expectedErrors: [/status of 404/] });

test('the unmodified browser provider of @upstash/realtime hears everything that our server writes, once and in order', async ({
  newPerson,
  server,
}) => {
  const owner = await openRoom(server.url);
  const { roomId } = owner;
  const page = await newPerson();
  // Its seat is a cookie, as in any browser.
  const joined = await page.request.post(`/api/room/join?roomId=${roomId}`, { data: {} });
  expect(joined.status()).toBe(201);
  const stockPage = await buildStockPage();
  await page.route(/\/stock-client\?/, (route) => route.fulfill({ contentType: 'text/html', body: stockPage }));
  await page.goto(`/stock-client?room=${roomId}`);
  await expect(page.getByRole('status')).toHaveText('connected');

  for (const text of TEXTS) await owner.say(text);
  await owner.ask('PATCH', `/api/room?roomId=${roomId}`, { locked: true });
  const messages = async () => (await heardBy(page)).filter(({ event }) => event === 'chat.message');
  await expect.poll(async () => (await messages()).map(({ data }) => data['text'])).toEqual(TEXTS);
  for (const { channel, data } of await messages()) {
    expect(channel).toBe(roomId);
    expect(data).toMatchObject({
      roomId,
      memberId: owner.memberId,
      sender: 'Quiet Otter',
      id: expect.any(String),
      timestamp: expect.any(Number),
    });
  }
  await expect
    .poll(() => heardBy(page))
    .toContainEqual({ event: 'room.updated', channel: roomId, data: { locked: true } });

  await owner.ask('DELETE', `/api/room?roomId=${roomId}`);
  await expect
    .poll(async () => (await heardBy(page)).at(-1))
    .toEqual({ event: 'chat.destroy', channel: roomId, data: { isDestroyed: true, reason: 'destroyed' } });
});

test.describe('without a seat', () => {
  test.use({ expectedErrors: [/status of 401/] });

  test('the stock provider is refused, and hears nothing', async ({ newPerson, server }) => {
    const owner = await openRoom(server.url);
    const page = await newPerson();
    const stockPage = await buildStockPage();
    await page.route(/\/stock-client\?/, (route) => route.fulfill({ contentType: 'text/html', body: stockPage }));
    const refused = page.waitForResponse((response) => response.url().includes('/api/realtime'));
    await page.goto(`/stock-client?room=${owner.roomId}`);
    expect((await refused).status()).toBe(401);
    await owner.say('not for you');
    expect(await heardBy(page)).toEqual([]);
  });
});
