import 'server-only';
import * as z from 'zod/mini';
import { problemSchema } from './errors';
import { jsonSchemaOf } from './json-schema';
import { REALTIME } from './openapi-stream';
import {
  rekeySchema,
  beginFileSchema,
  updateMemberSchema,
  sendMessageSchema,
  joinRoomSchema,
  openRoomSchema,
  reportSchema,
  updateRoomSchema,
  signalSchema,
  answerKnockSchema,
  extendRoomSchema,
  whisperSchema,
} from '@/domain/requests';

const operationSchema = z.looseObject({
  parameters: z.optional(z.array(z.looseObject({ name: z.string() }))),
  responses: z._default(z.record(z.string(), z.looseObject({ description: z.string() })), {}),
});
type Operation = z.infer<typeof operationSchema>;
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

/** Given to the plugin beforehand: the problem document, how a client shows its seat, and the event stream. */
export const DOCUMENTATION = {
  info: {
    title: 'Mayfly',
    version: '1.0.0',
    description:
      'Ephemeral, anonymous chat rooms. A cursor is a place in the stream of a room, `<ms>-<seq>`: two numbers in decimal, compared one ' +
      'after the other. Times are in milliseconds since 1970. A refusal is a problem document: decide by its `code`.',
  },
  components: {
    schemas: { Problem: { ...jsonSchemaOf(problemSchema), type: 'object' as const } },
    securitySchemes: {
      seat: {
        type: 'http' as const,
        scheme: 'bearer',
        description:
          'The `token` of a seat, given once, by `POST /api/room` or `POST /api/room/join` with `credentials: bearer`. Browsers keep it in ' +
          'the room’s cookie instead.',
      },
    },
  },
  /** A call that needs no seat takes none, and one that needs a seat lists 401. */
  security: [{ seat: [] }, {}],
  paths: { '/api/realtime': { get: REALTIME } },
};

/** The plugin leaves out bodies that a custom parser reads. */
const BODIES: Record<string, z.ZodMiniType> = {
  'post /api/room': openRoomSchema,
  'patch /api/room': updateRoomSchema,
  'post /api/room/join': joinRoomSchema,
  'post /api/room/rekey': rekeySchema,
  'post /api/messages': sendMessageSchema,
  'patch /api/members': updateMemberSchema,
  'post /api/signals': signalSchema,
  'post /api/files': beginFileSchema,
  'post /api/room/extension': extendRoomSchema,
  'post /api/whispers': whisperSchema,
  'post /api/knocks': answerKnockSchema,
  'post /api/reports': reportSchema,
};

const REFUSALS = {
  400: 'The body is not JSON.',
  401: 'Not a member.',
  403: 'Another origin, or something that this member may not do.',
  404: 'No such room, or nothing of that name in it.',
  409: 'The room does not take it.',
  413: 'The body is too large.',
  415: 'The body is not of the type that is taken.',
  422: 'A part of the request is not what it has to be.',
  429: 'Too often. Retry-After says when to try again.',
  503: 'The storage does not answer, or is full and takes nothing new. Retry-After says when to try again.',
} as const;
const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const isRefusal = (status: string): status is `${keyof typeof REFUSALS}` => status in REFUSALS;

/** Bytes as they are. */
export const OCTETS_CONTENT = { 'application/octet-stream': { schema: { type: 'string' as const, format: 'binary' } } };
const PIECE = 'put /api/files/piece';

/** A missing body counts as `{}`, which is accepted where no field is required. */
function requestBodyOf(schema: z.ZodMiniType): Record<string, unknown> {
  return { required: !schema.safeParse({}).success, content: { 'application/json': { schema: jsonSchemaOf(schema) } } };
}

/** The refusals that every call of a kind may meet, in addition to those that its controller lists. */
function commonRefusals(
  method: string,
  parameters: Operation['parameters'],
  hasBody: boolean,
): (keyof typeof REFUSALS)[] {
  const inRoom = parameters?.some(({ name }) => name === 'roomId' || name === 'channel');
  return [
    ...(method === 'get' ? [] : ([400, 403, 413, 415] as const)),
    ...(hasBody ? ([422] as const) : []),
    ...(inRoom ? ([404, 429] as const) : []),
    503,
  ];
}

function completeOperation(path: string, method: string, operation: Operation): Operation {
  const { parameters, responses } = operation;
  const body = BODIES[`${method} ${path}`];
  const refused = [
    ...Object.keys(responses).filter(isRefusal),
    ...commonRefusals(method, parameters, body !== undefined),
  ];
  return {
    ...operation,
    ...(body && { requestBody: requestBodyOf(body) }),
    ...(`${method} ${path}` === PIECE && { requestBody: { required: true, content: OCTETS_CONTENT } }),
    responses: {
      ...responses,
      ...Object.fromEntries(
        refused.map((status) => [String(status), { description: REFUSALS[status], content: PROBLEM_CONTENT }]),
      ),
    },
  };
}

/** Completes the plugin's document with bodies, problem documents, and the refusals that all calls share. */
export function completeDocument(document: unknown): unknown {
  const parsed = documentSchema.parse(document);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [path, methods] of Object.entries(parsed.paths)) {
    paths[path] = Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [method, completeOperation(path, method, operation)]),
    );
  }
  return { ...parsed, paths };
}
