import { expect, type Page } from '@playwright/test';
import { roomSchema, type Room } from '@/domain/room';

/** The room id of a link. */
export function roomIdOf(link: string): string {
  return new URL(link).pathname.split('/').at(-1) ?? '';
}

/** The room of a link as anyone may look it up, which changes nothing. */
export async function readRoom(link: string): Promise<Room> {
  const answer = await fetch(new URL(`/api/room?roomId=${roomIdOf(link)}`, link));
  expect(answer.status).toBe(200);
  return roomSchema.parse(await answer.json());
}

/** Makes a plain room, as only the API can, for the person of this page. Returns its path. */
export async function openPlainRoom(page: Page): Promise<string> {
  const answer = await page.request.post('/api/room', { data: {} });
  expect(answer.status()).toBe(201);
  return answer.headers()['location'] ?? '';
}

/** Has the server refuse calls of this page, as a problem document with the given code. */
export async function refuse(
  page: Page,
  method: string,
  path: string,
  problem: { status: number; code: string; retryAfter?: number },
): Promise<void> {
  const { status, code, retryAfter } = problem;
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (route.request().method() !== method) return route.fallback();
      return route.fulfill({
        status,
        headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Refused', status, detail: 'Refused by the test.', code }),
      });
    },
  );
}
