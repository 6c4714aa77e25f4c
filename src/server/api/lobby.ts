import 'server-only';
import { Elysia } from 'elysia';
import { lobbySchema } from '@/domain/lobby';
import type { ServerContext } from '@/server/services/context';
import { readLobby } from '@/server/services/read-lobby';
import { door } from './door';
import { problemSchema } from './errors';

const looking = {
  response: { 200: lobbySchema, 403: problemSchema, 429: problemSchema, 503: problemSchema },
  detail: {
    summary: 'Look at the public rooms',
    description:
      'People with a stream and living rooms on the whole site, and the listed rooms that have a free seat and an owner who is not away, newest first, ' +
      'at most 100. It is at most two seconds old. 403 `lobby_off` where there are no public rooms.',
  },
} as const;

export function lobbyController(context: ServerContext, trustedProxies: number) {
  return new Elysia({ prefix: '/lobby' })
    .use(door(trustedProxies))
    .get('', async ({ address }) => await readLobby(context, address), { ...looking });
}
