import { openRoom } from './support/program-seat';
import { openPlainRoom } from './support/room-api';
import { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/visits';

test.use({ settings: { RATE_LIMITS: 'off', PUBLIC_ROOMS: 'off' } });

test('a site without public rooms shows nothing of them, and its front page never asks for any', async ({
  newFront,
  newPerson,
}) => {
  const page = await newPerson();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => path.startsWith('/api/lobby'))).toEqual([]);
  const front = await newFront();
  await expect(front.lobby).toHaveCount(0);
  await expect(front.kinds.getByRole('radio')).toHaveCount(2);
  await expect(front.kind('Public')).toHaveCount(0);
  await expect(front.footer.getByRole('link')).toHaveCount(1);
  expect(await (await front.page.request.get('/')).text(), 'what the server sends').not.toContain('Public rooms');
});

test('neither is one listed there later', async ({ newPerson, server }) => {
  const page = await newPerson();
  await page.goto(await openPlainRoom(page));
  const owner = new InsideScreen(page);
  await owner.expectInside();
  const options = await owner.openOptions();
  await expect(options.getByRole('switch', { name: 'List on the front page' })).toHaveCount(0);
  const seat = await openRoom(server.url);
  const answer = await seat.ask('PATCH', `/api/room?roomId=${seat.roomId}`, { listed: true, topic: 'Tomatoes' });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ code: 'lobby_off' });
});
