import { treaty } from '@elysiajs/eden/treaty2';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod/mini';
import type { EpochChange } from '@/domain/epoch-change';
import { roomEvents } from '@/domain/events';
import type { Member } from '@/domain/member';
import { messageIdSchema, type MessageWithCursor } from '@/domain/message';
import { isPublishedOnly } from '@/domain/stored-events';
import { memberIdSchema, type Room, type Seat as DomainSeat } from '@/domain/room';
import type { Api } from '@/server/api';
import type { Problem } from '@/server/api/errors';
import { openStorage } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { ENDPOINTS, OPERATOR_ENDPOINTS } from '@tests/support/endpoints';
import { roomsApi, UNKNOWN_ROOM } from '@tests/support/rooms';

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openStorage({ kind: 'embedded' }));
});
afterAll(async () => {
  await app.close();
  await app.context.storage.close();
});

/** As much of OpenAPI 3.1 as the document uses. A misspelt or missing field fails. */
const jsonSchema = z.looseObject({});
const contentSchema = z.record(z.string(), z.strictObject({ schema: jsonSchema }));
const parameterSchema = z.strictObject({
  name: z.string(),
  in: z.enum(['query', 'path', 'header', 'cookie']),
  required: z.boolean(),
  description: z.optional(z.string()),
  schema: jsonSchema,
});
const operationSchema = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.optional(z.string()),
  parameters: z.optional(z.array(parameterSchema)),
  requestBody: z.optional(
    z.strictObject({ description: z.optional(z.string()), required: z.boolean(), content: contentSchema }),
  ),
  responses: z.record(
    z.string().check(z.regex(/^[2-5]\d\d$/)),
    z.strictObject({ description: z.string(), content: z.optional(contentSchema) }),
  ),
});
const documentSchema = z.strictObject({
  openapi: z.string().check(z.regex(/^3\.\d\.\d$/)),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(
    z.string().check(z.regex(/^\//)),
    z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), z.optional(operationSchema)),
  ),
  components: z.strictObject({
    schemas: z.record(z.string(), jsonSchema),
    securitySchemes: z.strictObject({
      seat: z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }),
    }),
  }),
  security: z.tuple([z.strictObject({ seat: z.tuple([]) }), z.strictObject({})]),
});
type Operation = z.infer<typeof operationSchema>;

async function operations(): Promise<Map<string, Operation>> {
  const { status, body } = await roomsApi(app).ask('GET', '/api/openapi/json');
  expect(status).toBe(200);
  const { paths } = documentSchema.parse(body);
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, one]) =>
        one ? [[`${method.toUpperCase()} ${path}`, one] as const] : [],
      ),
    ),
  );
}

const CALLS = [...ENDPOINTS, ...OPERATOR_ENDPOINTS];
const IN_ROOM = [404, 429, 503];
const CHANGE = [400, 403, 413, 415];
/** Every status of each call, as in the contract's tables. */
const STATUSES: Record<string, number[]> = {
  'GET /api/health': [200, 503],
  'POST /api/room': [201, ...CHANGE, 422, 429, 503],
  'GET /api/room': [200, ...IN_ROOM],
  'POST /api/room/join': [200, 201, 202, ...CHANGE, 409, 422, ...IN_ROOM],
  'POST /api/room/leave': [204, 401, ...CHANGE, ...IN_ROOM],
  'DELETE /api/room': [204, 401, ...CHANGE, ...IN_ROOM],
  'PATCH /api/room': [200, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'POST /api/room/rekey': [200, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'GET /api/epochs': [200, 401, 422, ...IN_ROOM],
  'GET /api/members': [200, 401, 422, ...IN_ROOM],
  'PATCH /api/members': [200, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'DELETE /api/members': [204, 401, ...CHANGE, 422, ...IN_ROOM],
  'GET /api/messages': [200, 401, 422, ...IN_ROOM],
  'POST /api/messages': [200, 201, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'DELETE /api/messages': [204, 401, ...CHANGE, 422, ...IN_ROOM],
  'POST /api/signals': [204, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'POST /api/room/extension': [200, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'POST /api/room/owner': [200, 401, ...CHANGE, 422, ...IN_ROOM],
  'POST /api/whispers': [204, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'GET /api/knocks': [200, 401, 403, 422, ...IN_ROOM],
  'POST /api/knocks': [204, 401, ...CHANGE, 422, ...IN_ROOM],
  'POST /api/files': [200, 201, 401, ...CHANGE, 409, 422, ...IN_ROOM],
  'GET /api/files': [200, 401, 422, ...IN_ROOM],
  'DELETE /api/files': [204, 401, ...CHANGE, 422, ...IN_ROOM],
  'PUT /api/files/piece': [204, 401, ...CHANGE, 422, ...IN_ROOM],
  'GET /api/files/piece': [200, 401, 422, ...IN_ROOM],
  'GET /api/lobby': [200, 403, 429, 503],
  'POST /api/reports': [204, 401, ...CHANGE, 422, ...IN_ROOM],
  'GET /api/reports': [200, 401, 404, 429, 503],
  'DELETE /api/reports': [204, 401, ...CHANGE, ...IN_ROOM],
  'GET /api/realtime': [200, 401, 422, ...IN_ROOM],
};

/** Answers and bodies that are not JSON. */
const ANSWERS: Record<string, string> = {
  'GET /api/realtime': 'text/event-stream',
  'GET /api/files/piece': 'application/octet-stream',
};

describe('the OpenAPI document', () => {
  it('has every call of the contract and no other', async () => {
    const expected = [...CALLS.map(({ method, path }) => `${method} ${path}`), 'GET /api/realtime'];
    expect([...(await operations()).keys()].sort()).toEqual(expected.sort());
  });

  it.each(Object.entries(STATUSES))('lists every answer of %s', async (call, statuses) => {
    const responses = (await operations()).get(call)?.responses ?? {};
    expect(Object.keys(responses).map(Number).sort()).toEqual([...statuses].sort());
    for (const [status, { content }] of Object.entries(responses)) {
      if (Number(status) >= 400)
        expect(content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
      else if (status === '204') expect(content).toBeUndefined();
      else expect(Object.keys(content ?? {})).toEqual([ANSWERS[call] ?? 'application/json']);
    }
  });

  it('describes every body, as JSON but for the piece of a file, and says where one is required', async () => {
    const bodies = [...(await operations())].flatMap(([call, { requestBody }]) =>
      requestBody ? [[call, requestBody] as const] : [],
    );
    expect(bodies.map(([call, { required }]) => [call, required])).toEqual([
      ['POST /api/room', false],
      ['PATCH /api/room', true],
      ['POST /api/room/join', false],
      ['POST /api/room/extension', true],
      ['POST /api/whispers', true],
      ['POST /api/knocks', true],
      ['POST /api/room/rekey', true],
      ['POST /api/messages', true],
      ['PATCH /api/members', false],
      ['POST /api/signals', true],
      ['POST /api/files', true],
      ['PUT /api/files/piece', true],
      ['POST /api/reports', false],
    ]);
    for (const [call, { content }] of bodies)
      expect(Object.keys(content)).toEqual([
        call === 'PUT /api/files/piece' ? 'application/octet-stream' : 'application/json',
      ]);
    expect(bodies[0]?.[1].content['application/json']?.schema).toMatchObject({
      properties: {
        lifetimeSeconds: { type: 'integer', minimum: 60, maximum: 3_600 },
        maxMembers: { type: 'integer', minimum: 2, maximum: 1_000 },
      },
    });
  });

  it('names every parameter', async () => {
    const nameOf = ({ name, required }: z.infer<typeof parameterSchema>) => `${name}${required ? '' : '?'}`;
    const named = [...(await operations())].map(([call, { parameters = [] }]) => [call, parameters.map(nameOf)]);
    expect(Object.fromEntries(named)).toEqual({
      ...Object.fromEntries(CALLS.map(({ method, path, inRoom }) => [`${method} ${path}`, inRoom ? ['roomId'] : []])),
      'GET /api/members': ['roomId', 'memberId?'],
      'DELETE /api/members': ['roomId', 'memberId'],
      'POST /api/room/owner': ['roomId', 'memberId'],
      'POST /api/whispers': ['roomId', 'to'],
      'POST /api/knocks': ['roomId', 'knockId'],
      'GET /api/epochs': ['roomId', 'after?'],
      'GET /api/messages': ['roomId', 'after?', 'before?', 'limit?'],
      'DELETE /api/messages': ['roomId', 'id'],
      'GET /api/files': ['roomId', 'fileId'],
      'DELETE /api/files': ['roomId', 'fileId', 'memberId?'],
      'PUT /api/files/piece': ['roomId', 'fileId', 'index'],
      'GET /api/files/piece': ['roomId', 'fileId', 'index'],
      'GET /api/realtime': ['channel', 'last_ack_{channel}?'],
    });
  });

  it('says what a sealed room asks of its maker and of newcomers, and that former members are asked for by ids', async () => {
    const calls = await operations();
    const fieldsOf = (call: string) =>
      Object.keys(
        z
          .looseObject({ properties: z.record(z.string(), z.unknown()) })
          .parse(calls.get(call)?.requestBody?.content['application/json']?.schema).properties,
      );
    expect(fieldsOf('POST /api/room')).toEqual(expect.arrayContaining(['keyCheck', 'proofHash', 'memberId', 'card']));
    expect(fieldsOf('POST /api/room/join')).toEqual(expect.arrayContaining(['proof', 'memberId', 'card']));
    expect(fieldsOf('PATCH /api/members')).toEqual(['name', 'card']);
    const id = calls.get('GET /api/members')?.parameters?.find(({ name }) => name === 'memberId');
    expect(id?.schema).toMatchObject({ type: 'array', minItems: 1, maxItems: 50, items: { type: 'string' } });
  });

  it('says that messages are taken back by a list of ids, and what a message may be about', async () => {
    const calls = await operations();
    const id = calls.get('DELETE /api/messages')?.parameters?.find(({ name }) => name === 'id');
    expect(id?.schema).toMatchObject({ type: 'array', minItems: 1, maxItems: 50, items: { type: 'string' } });
    const body = calls.get('POST /api/messages')?.requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({
      properties: { about: { properties: { kind: { enum: ['reply', 'reaction', 'edit'] }, id: { type: 'string' } } } },
      required: ['text'],
    });
    const page = calls.get('GET /api/messages')?.responses['200']?.content?.['application/json']?.schema;
    expect(page).toMatchObject({
      properties: { removed: { type: 'array' }, older: {} },
      required: ['messages', 'removed', 'cursor'],
    });
  });

  it('says how an owner steers a room, and which of it can be taken away again', async () => {
    const calls = await operations();
    const propertiesOf = (call: string) =>
      z
        .looseObject({ properties: z.record(z.string(), z.unknown()) })
        .parse(calls.get(call)?.requestBody?.content['application/json']?.schema).properties;
    const steering = ['entry', 'listed', 'topic', 'language', 'slowModeSeconds'];
    for (const call of ['POST /api/room', 'PATCH /api/room'])
      expect(Object.keys(propertiesOf(call))).toEqual(expect.arrayContaining(steering));
    expect(JSON.stringify(propertiesOf('PATCH /api/room').language)).toContain('"null"');
    expect(JSON.stringify(propertiesOf('POST /api/room').language)).not.toContain('"null"');
    expect(propertiesOf('PATCH /api/room').slowModeSeconds).toMatchObject({ minimum: 0, maximum: 60 });
    expect(Object.keys(propertiesOf('POST /api/room/extension'))).toEqual(['agree', 'expiresAt']);
    expect(Object.keys(propertiesOf('POST /api/room/join'))).toEqual(expect.arrayContaining(['name', 'credentials']));
    expect(Object.keys(propertiesOf('POST /api/reports'))).toEqual(['reason']);
  });

  it('names every event that has no id of its own', async () => {
    const { description } = (await operations()).get('GET /api/realtime') ?? {};
    const named = /cursor; (.*?) are not stored/s.exec(description ?? '')?.[1]?.match(/[a-z]+\.[a-z]+/g);
    const published = Object.entries(roomEvents).flatMap(([group, kinds]) =>
      Object.keys(kinds)
        .map((kind) => `${group}.${kind}`)
        .filter(isPublishedOnly),
    );
    expect(named?.sort()).toEqual(published.sort());
  });

  it('describes every event of the stream, and whatever concerns the stream itself', async () => {
    const stream = (await operations()).get('GET /api/realtime')?.responses['200']?.content?.['text/event-stream'];
    const frame = z.object({
      description: z.string().check(z.minLength(1)),
      properties: z.object({
        event: z.optional(z.object({ const: z.string() })),
        type: z.optional(z.object({ const: z.string() })),
        data: z.optional(z.object({ type: z.literal('object') })),
      }),
    });
    const { contentSchema } = z.object({ contentSchema: z.object({ anyOf: z.array(frame) }) }).parse(stream?.schema);
    const names = contentSchema.anyOf.map(({ properties: { event, type } }) => event?.const ?? type?.const);
    const events = Object.entries(roomEvents).flatMap(([group, kinds]) =>
      Object.keys(kinds).map((kind) => `${group}.${kind}`),
    );
    expect(names).toEqual(['connected', 'ping', 'reconnect', 'error', ...events]);
    for (const { properties } of contentSchema.anyOf) expect(properties.data === undefined).toBe(!properties.event);
  });

  it('refers to nothing but itself', async () => {
    const { body } = await roomsApi(app).ask('GET', '/api/openapi/json');
    const document = documentSchema.parse(body);
    const references = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? [];
    for (const reference of references) expect(reference).toBe('"$ref":"#/components/schemas/Problem"');
    expect(document.components.schemas.Problem).toMatchObject({
      type: 'object',
      required: ['type', 'title', 'status', 'detail', 'code'],
    });
    expect(JSON.stringify(document)).not.toContain('$schema');
  });

  it('is also a page that loads nothing from anywhere', async () => {
    const { status, headers, body } = await roomsApi(app).ask('GET', '/api/openapi');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = z.string().parse(body);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:\/\//i);
    for (const call of (await operations()).keys()) expect(page).toContain(`<code>${call}</code>`);
  });
});

describe('Eden’s client', () => {
  const connect = (token?: string) =>
    treaty<Api>(app.url, { parseDate: false, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
      .api;

  it('is typed end to end', () => {
    const api = connect();
    type Data<Call extends (...args: never[]) => Promise<{ data: unknown }>> = NonNullable<
      Awaited<ReturnType<Call>>['data']
    >;
    expectTypeOf<Data<typeof api.room.post>>().toExtend<Room & DomainSeat & { token?: string | undefined }>();
    expectTypeOf<Data<typeof api.room.get>>().toExtend<Room & { you: DomainSeat | null }>();
    expectTypeOf<Data<typeof api.room.join.post>>().toExtend<(Room & DomainSeat) | { knockId: string }>();
    expectTypeOf<Data<typeof api.room.patch>>().toExtend<Room>();
    expectTypeOf<Data<typeof api.members.get>>().toExtend<{ members: Member[] }>();
    expectTypeOf<Data<typeof api.members.patch>>().toExtend<Member>();
    expectTypeOf<Data<typeof api.messages.get>>().toExtend<{ messages: MessageWithCursor[]; cursor: string }>();
    expectTypeOf<Data<typeof api.messages.post>>().toExtend<MessageWithCursor>();
    type Failure = NonNullable<Awaited<ReturnType<typeof api.messages.post>>['error']>;
    expectTypeOf<Extract<Failure, { status: 409 }>['value']>().toExtend<Problem>();
    // @ts-expect-error there is no such path
    expectTypeOf(api.rooms).not.toBeAny();
    // @ts-expect-error a lifetime is a number
    expectTypeOf(api.room.post).toBeCallableWith({ lifetimeSeconds: '60' });
    // @ts-expect-error a message has a text
    expectTypeOf(api.messages.post).toBeCallableWith({ sender: 'Ann' }, { query: { roomId: UNKNOWN_ROOM } });
    expectTypeOf<Data<typeof api.room.rekey.post>>().toExtend<Room>();
    expectTypeOf<Data<typeof api.epochs.get>>().toExtend<{ epochs: EpochChange[] }>();
  });

  it('works through the whole life of a room', async () => {
    const made = await connect().room.post({ lifetimeSeconds: 60, maxMembers: 3, credentials: 'bearer' });
    expect(made).toMatchObject({ status: 201, error: null, data: { members: 1, owner: true } });
    if (made.data === null) throw new Error('No room was made');
    const query = { roomId: made.data.roomId };
    const joined = await connect().room.join.post({ credentials: 'bearer' }, { query });
    expect(joined).toMatchObject({ status: 201, data: { members: 2, owner: false } });
    const [owner, guest] = [connect(made.data.token), connect(joined.data?.token)];
    const dateLike = '2026-11-21T03:00:00.000Z';
    const sent = await guest.messages.post(
      { id: messageIdSchema.parse('client-made_1'), sender: '123', text: dateLike },
      { query },
    );
    expect(sent.data).toMatchObject({ id: 'client-made_1', sender: '123', text: dateLike });
    expect(
      (await owner.messages.get({ query: { ...query, after: sent.data?.cursor, limit: 200 } })).data?.messages,
    ).toEqual([]);
    expect((await owner.messages.get({ query })).data?.messages).toEqual([sent.data]);
    expect((await owner.messages.get({ query: { ...query, before: 'end' } })).data).toMatchObject({
      messages: [sent.data],
      older: null,
    });
    const other = await guest.messages.post({ sender: '123', text: 'to be taken back' }, { query });
    const ids = [other.data?.id, sent.data?.id].filter((id) => id !== undefined);
    expect((await guest.messages.delete({}, { query: { ...query, id: ids } })).status).toBe(204);
    expect((await owner.messages.get({ query })).data).toMatchObject({ messages: [], removed: ids });
    expect((await guest.members.patch({ name: 'true' }, { query })).data).toMatchObject({ name: 'true' });
    expect((await owner.members.get({ query })).data?.members).toMatchObject([{ owner: true }, { name: 'true' }]);
    expect((await owner.room.patch({ locked: true }, { query })).data).toMatchObject({ locked: true });
    expect((await guest.room.patch({ locked: false }, { query })).error).toMatchObject({
      status: 403,
      value: { code: 'not_the_owner' },
    });
    expect(
      (await owner.members.delete({}, { query: { ...query, memberId: memberIdSchema.parse('Z'.repeat(16)) } })).error,
    ).toMatchObject({ status: 404 });
    expect((await guest.room.leave.post({}, { query })).status).toBe(204);
    expect((await owner.room.delete({}, { query })).status).toBe(204);
    expect((await owner.room.get({ query })).error).toMatchObject({ status: 404, value: { code: 'room_not_found' } });
  });
});
