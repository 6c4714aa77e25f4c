import { joinRoom } from './support/program-seat';
import { roomIdOf } from './support/room-api';
import { expect, test } from './support/visits';

const TOKEN = 'a-token-of-an-operator-in-a-test';
const CONTACT = 'mailto:operator@site.example';
const RULES = 'https://site.example/rules';

test.use({
  // What a page asks for at the moment at which the room ends is answered so, and the browser logs it.
  expectedErrors: [/status of 404 \(.*\/api\//],
  settings: {
    RATE_LIMITS: 'off',
    PUBLIC_ROOMS: 'on',
    OPERATOR_TOKEN: TOKEN,
    OPERATOR_CONTACT: CONTACT,
    OPERATOR_RULES: RULES,
  },
});

test('the footer leads to the operator and to their rules', async ({ newFront }) => {
  const front = await newFront();
  await expect(front.footer.getByRole('link', { name: 'Contact' })).toHaveAttribute('href', CONTACT);
  await expect(front.footer.getByRole('link', { name: 'House rules' })).toHaveAttribute('href', RULES);
  await front.expectAccessible('a footer with all of its links');
});

test('an operator reads why a room was reported, and ends it while people are inside', async ({ newFront, server }) => {
  const [front, looker] = [await newFront(), await newFront()];
  const empty = looker.lobby.getByText('Nobody is talking in public now.');
  await expect(empty).toBeVisible({ timeout: 15_000 });
  const owner = await front.makePublicRoom('Balcony tomatoes');
  const roomId = roomIdOf(owner.link);
  const seat = await joinRoom(server.url, roomId);
  await owner.expectLive();
  expect((await seat.ask('POST', `/api/reports?roomId=${roomId}`, { reason: 'It is about cucumbers.' })).status).toBe(
    204,
  );

  const asOperator = (method: string, path: string, token = TOKEN) =>
    fetch(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  expect((await asOperator('GET', '/api/reports', 'another-token-of-an-operator')).status).toBe(401);
  const read = await asOperator('GET', '/api/reports');
  expect(await read.json()).toMatchObject({
    reports: [{ roomId, topic: 'Balcony tomatoes', times: 1, reasons: ['It is about cucumbers.'] }],
  });
  expect((await asOperator('DELETE', `/api/reports?roomId=${roomId}`)).status).toBe(204);
  await expect(owner.heading).toHaveText(/^It’s gone\./);
  await expect(empty).toBeVisible({ timeout: 15_000 });
  expect(await (await asOperator('GET', '/api/reports')).json()).toEqual({ reports: [] });
});
