import { ROOMS_PER_ADDRESS } from '@/domain/limits';
import { expect, test } from './support/behind-nginx';

test.use({ settings: { RATE_LIMITS: 'on' } });

test('behind the proxy of the docs, nobody can choose an address, a protocol or a host', async ({ server }) => {
  const openAs = (address: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/room`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address, 'content-type': 'application/json', ...headers },
      body: '{}',
    });
  const claimed = await openAs('203.0.113.1', { 'x-forwarded-proto': 'https' });
  expect(claimed.status).toBe(201);
  expect(claimed.headers.get('set-cookie')).not.toContain('Secure');
  const crossed = await openAs('203.0.113.1', {
    'x-forwarded-host': 'elsewhere.example',
    origin: 'https://elsewhere.example',
  });
  expect(crossed.status).toBe(403);

  const statuses: number[] = [];
  for (let index = 0; index < ROOMS_PER_ADDRESS.max; index += 1)
    statuses.push((await openAs(`198.51.100.${index}`)).status);
  expect(statuses.at(-1)).toBe(429);
});
