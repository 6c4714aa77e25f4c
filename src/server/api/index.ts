import 'server-only';
import { openapi } from '@elysiajs/openapi';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import type { ServerContext } from '@/server/services/context';
import { epochsController } from './epochs';
import { problemOf } from './errors';
import { filesController } from './files';
import { healthController } from './health';
import { LargeReads, type ReadBounds } from './large-reads';
import { lobbyController } from './lobby';
import { membersController } from './members';
import { messagesController } from './messages';
import { jsonSchemaOf } from './json-schema';
import { completeDocument, DOCUMENTATION } from './openapi-document';
import { OPENAPI_PAGE_POLICY, openApiPage } from './openapi-page';
import { type PieceBounds, PieceTurns } from './piece-turns';
import { RestedTurns } from './places';
import { reportsController } from './reports';
import { roomController } from './room';
import { signalsController } from './signals';
import { steeringController } from './steering';

const OPENAPI_DOCUMENT_PATH = '/api/openapi/json';

const faultsSchema = z.array(z.object({ path: z.optional(z.string()), message: z.optional(z.string()) }));

/** Turns Elysia's own errors into ours; `problemOf` handles everything else. */
function roomErrorOf(code: string | number, error: unknown): unknown {
  switch (code) {
    case 'NOT_FOUND':
      return new RoomError('not_found');
    case 'PARSE':
      // Elysia wraps errors thrown by a parser; ours throw room errors.
      return error instanceof Error && error.cause instanceof RoomError ? error.cause : new RoomError('malformed_body');
    case 'VALIDATION': {
      const all = faultsSchema.safeParse(error instanceof Error && 'all' in error ? error.all : []);
      const faults = all.success ? all.data : [];
      return new RoomError('invalid_request', {
        faults: faults.map(({ path = '', message = 'is not valid' }) => ({
          path: path === 'root' ? '' : path.replace(/^\//, '').replaceAll('/', '.'),
          message,
        })),
      });
    }
    default:
      return error;
  }
}

/** Pieces of files, and what their senders ask for in between. */
const FILES_PATH = '/api/files';

export interface ApiSettings {
  trustedProxies: number;
  /** The operator's bearer token; without one nobody reads reports. */
  operatorToken?: string | null | undefined;
  /** Other bounds than in production, for tests. */
  reads?: ReadBounds | undefined;
  pieces?: PieceBounds | undefined;
}

/** The whole HTTP contract except the event stream, which is a route of its own. */
export function createApi(
  context: ServerContext,
  { trustedProxies, operatorToken = null, reads: bounds, pieces }: ApiSettings,
) {
  const reads = new LargeReads(bounds);
  const turns = new RestedTurns();
  const ways = {
    up: new PieceTurns(turns, { ...pieces, keepsStrangersApart: true }),
    down: new PieceTurns(turns, pieces),
  };
  let page: string | undefined;
  const api = new Elysia({ prefix: '/api', strictPath: true })
    .onError(({ code, error, set }) => {
      const problem = problemOf(roomErrorOf(code, error));
      set.status = problem.status;
      return new Response(JSON.stringify(problem.body), { status: problem.status, headers: problem.headers });
    })
    .onRequest(({ request }) => {
      if (!request.url.includes(FILES_PATH)) turns.noticeOthers();
    })
    .onAfterHandle(({ set, path, responseValue }) => {
      set.headers['cache-control'] = 'no-store';
      return path === OPENAPI_DOCUMENT_PATH ? completeDocument(responseValue) : undefined;
    })
    .use(
      openapi({
        provider: null,
        mapJsonSchema: { zod: jsonSchemaOf },
        documentation: DOCUMENTATION,
      }),
    )
    .use(healthController(context))
    .use(roomController(context, trustedProxies))
    .use(steeringController(context, trustedProxies))
    .use(epochsController(context, trustedProxies, reads))
    .use(messagesController(context, trustedProxies, reads))
    .use(membersController(context, trustedProxies, reads))
    .use(signalsController(context, trustedProxies))
    .use(filesController(context, trustedProxies, ways))
    .use(lobbyController(context, trustedProxies))
    .use(reportsController(context, trustedProxies, operatorToken))
    .get(
      '/openapi',
      async ({ request }) => {
        // It does not change while the process runs.
        page ??= openApiPage(await (await api.fetch(new Request(new URL(OPENAPI_DOCUMENT_PATH, request.url)))).json());
        return new Response(page, {
          headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': OPENAPI_PAGE_POLICY },
        });
      },
      { detail: { hide: true } },
    );
  return api;
}

export type Api = ReturnType<typeof createApi>;
