import { expect, it, onTestFinished } from 'vitest';
import { FORMAT, FORMAT_HEADER } from '@/domain/format';
import { openStorage } from '@/server/storage/client';
import { startApp } from '@tests/support/app';
import { roomsApi } from '@tests/support/rooms';

it('every response names its format: answers, refusals and event streams', async () => {
  const storage = await openStorage({ kind: 'embedded' });
  const app = await startApp(storage);
  onTestFinished(async () => {
    await app.close();
    await storage.close();
  });
  const { roomId, token } = await roomsApi(app).open();
  const paths = [
    `/api/room?roomId=${roomId}`,
    '/api/room?roomId=nothing',
    '/api/nothing',
    `/api/realtime?channel=${roomId}`,
    '/api/realtime',
  ];
  for (const path of paths) {
    const response = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect([path, response.headers.get(FORMAT_HEADER)]).toEqual([path, String(FORMAT)]);
    await response.body?.cancel();
  }
});
