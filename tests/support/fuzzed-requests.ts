import fc from 'fast-check';
import { BODY_BYTES_MAX } from '@/domain/limits';
import type { Guest } from './doors';
import { type Endpoint, ENDPOINTS, NAMED_FILE, NAMED_KNOCK, OPERATOR_ENDPOINTS, pathOf } from './endpoints';
import { type Question, SEALED_TEXT, type Seat, UNKNOWN_ROOM } from './rooms';

/** One room, two of its members and somebody at its door: requests need them to get past the first checks. */
export interface Ground {
  owner: Seat;
  guest: Seat;
  knocker: Guest;
}

/** The bearer that reads reports. */
export const FUZZED_OPERATOR = 'operator-token-0123456789';

/** Each is replaced by a value of the ground that exists when the request is sent. */
const PLACES = {
  '<room>': ({ owner }: Ground) => owner.roomId,
  '<member>': ({ guest }: Ground) => guest.memberId,
  '<file>': () => NAMED_FILE,
  '<knock>': ({ knocker }: Ground) => knocker.knockId,
  '<token>': ({ owner }: Ground) => owner.token,
  '<waiting>': ({ knocker }: Ground) => knocker.token,
  '<end>': ({ owner }: Ground) => String(owner.expiresAt),
  '<cookie>': ({ owner, guest }: Ground) => `mayfly_${owner.roomId}=${guest.token}`,
};

/** `text` with every placeholder filled in from the ground. */
export const aim = (text: string, ground: Ground): string =>
  Object.entries(PLACES).reduce((aimed, [place, thing]) => aimed.replaceAll(place, thing(ground)), text);

const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

const odd = fc.constantFrom(
  ...['', ' ', '\0', '%00', '%', '%zz', '%ff%fe', '%ed%a0%80', '../..', '__proto__', 'constructor', 'toString'],
  ...[
    'null',
    'undefined',
    'true',
    '-1',
    '1e999',
    'NaN',
    '0x10',
    '🦋',
    '\u202e',
    'a'.repeat(5_000),
    "'; return 1 --",
    '*',
  ],
  ...['(1-1', '1-1', '0-0', '18446744073709551616-1', UNKNOWN_ROOM, SEALED_TEXT, '[]', '{}', '\r\nset-cookie: a=b'],
);
const word = fc.oneof(
  { weight: 3, arbitrary: odd },
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(PLACES)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);

const parameter = fc.constantFrom(
  'roomId',
  'roomId',
  'memberId',
  'after',
  'before',
  'limit',
  'id',
  'fileId',
  'to',
  'knockId',
  'index',
  'channel',
  'x',
  'roomId[]',
  '__proto__',
);
const encoded = (text: string) => (/^[%<]/.test(text) ? text : encodeURIComponent(wellFormed(text)));
const query = fc
  .array(fc.tuple(parameter, word), { maxLength: 5 })
  .map((pairs) => pairs.map(([name, text]) => `${name}=${encoded(text)}`).join('&'));
/** Half of them name the room properly, so that the rest of the request is looked at. */
export const fuzzedQuery = fc
  .tuple(query, fc.boolean())
  .map(([rest, aimed]) => (aimed ? `roomId=<room>&${rest.replaceAll('roomId=', 'r=')}` : rest));

const field = fc.constantFrom(
  ...[
    'lifetimeSeconds',
    'maxMembers',
    'sealed',
    'locksWhenFull',
    'keyCheck',
    'credentials',
    'proof',
    'proofHash',
    'memberId',
    'card',
    'epoch',
    'previous',
    'wraps',
    'remove',
    'locked',
    'name',
    'id',
    'sender',
    'text',
    'about',
    'file',
    'bytes',
    'pieces',
    'typing',
    'seen',
    'agree',
    'expiresAt',
    'admit',
    'entry',
    'listed',
    'topic',
    'language',
    'slowModeSeconds',
    'reason',
  ],
  ...['__proto__', 'constructor', 'then', 'toJSON', ''],
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  word,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, 60, 600, 2, 10, 'bearer', 'knock', 'open', 'Rainy evenings', 'pt-BR'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }),
);
const fields = fc
  .array(fc.tuple(field, value), { maxLength: 6 })
  .map((entries) => `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`);
/** Beside one of every call. */
const STEERING = [
  { entry: 'knock' },
  { listed: true, topic: 'Rainy evenings', language: 'pt-BR', slowModeSeconds: 60 },
  { listed: false, language: null, slowModeSeconds: 0 },
  { name: 'Quiet Otter', credentials: 'bearer' },
].map((json) => JSON.stringify(json));
const ANSWERS = [true, false].map((agree) => `{"agree":${agree},"expiresAt":<end>}`);
const acceptedBody = fc.constantFrom(
  ...ENDPOINTS.flatMap(({ json }) => (json ? [JSON.stringify(json)] : [])),
  ...STEERING,
  ...ANSWERS,
);

const cut = fc.tuple(
  fc.nat(200),
  fc.constantFrom('', '"', '{', '\\', '\0', '\ud800', 'é', ',', '0', '[[[[', '\r\n'),
  fc.nat(3),
);
/** A text with a few of its characters removed, replaced or shifted. */
export const mutated = (texts: fc.Arbitrary<string>) =>
  fc.tuple(texts, fc.array(cut, { minLength: 1, maxLength: 4 })).map(([text, cuts]) =>
    cuts.reduce((bent, [at, insert, remove]) => {
      const place = at % (bent.length + 1);
      return bent.slice(0, place) + insert + bent.slice(place + remove);
    }, text),
  );

const huge = fc.constantFrom(
  '['.repeat(30_000),
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  `{"text":"${'x'.repeat(BODY_BYTES_MAX)}"}`,
  `[${'{},'.repeat(20_000)}{}]`,
  `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
  '1'.repeat(60_000),
  '\ud800',
);
const body = fc.option(
  fc.oneof(
    { weight: 4, arbitrary: fields },
    { weight: 4, arbitrary: acceptedBody },
    { weight: 3, arbitrary: mutated(fc.oneof(acceptedBody, fields)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    { weight: 1, arbitrary: huge },
  ),
  { nil: undefined, freq: 6 },
);

const mediaType = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'text/plain',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/octet-stream',
    ';',
    '',
  ),
);
const authorization = fc.oneof(
  fc.constantFrom(
    ...['Bearer <token>', 'Bearer <token>', 'Bearer <token>', 'Bearer <waiting>', `Bearer ${FUZZED_OPERATOR}`],
    ...['Bearer x', 'Basic x', 'Bearer', '<token>'],
  ),
  odd.map((text) => `Bearer ${text}`),
);
const cookie = fc.oneof(
  fc.constantFrom('<cookie>', '<cookie>; a=b', 'mayfly_=x', ';;==;', '__proto__=1', 'a'.repeat(9_000)),
  odd,
);

/** Headers whose values are allowed in a request at all. */
export const fuzzedHeaders = fc
  .record(
    {
      'content-type': mediaType,
      authorization,
      cookie,
      origin: fc.constantFrom('http://localhost', 'null', 'https://other.example', '', '::', 'http://'),
      host: fc.constantFrom('localhost', '', 'other.example', '[::1', 'a b'),
      'x-forwarded-for': fc.oneof(fc.constantFrom('1.2.3.4', '::1', ',,,', ':::', '1.2.3.4, [::1]:80'), odd),
      'x-forwarded-host': fc.constantFrom('localhost', 'other.example', ','),
      'x-forwarded-proto': fc.constantFrom('https', 'gopher', ''),
      'content-length': fc.constantFrom('0', '5', '99999999', '-1', '1e9', 'x'),
      'transfer-encoding': fc.constantFrom('chunked', 'gzip'),
    },
    { requiredKeys: [] },
  )
  .map((all) =>
    Object.fromEntries(Object.entries(all).map(([name, text]) => [name, text.replace(/[^\x20-\x7e]/g, '?').trim()])),
  );

const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ENDPOINTS, ...OPERATOR_ENDPOINTS).map((endpoint) => endpoint.path) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '/api',
        '/api/',
        '/api/openapi',
        '/api/openapi/json',
        '/api/room/',
        '/api//room',
        '/api/room/%2e',
        '/api/%',
        '/api/__proto__',
        '/',
      ],
    ),
  },
  { weight: 1, arbitrary: odd.map((text) => `/api/${encodeURI(wellFormed(text))}`) },
);
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE') },
  { weight: 1, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'PROPFIND', 'get', 'M-SEARCH') },
);

export interface FuzzedRequest {
  method: string;
  path: string;
  query: string;
  body: string | Uint8Array<ArrayBuffer> | undefined;
  headers: Record<string, string>;
}

export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc.record({
  method,
  path,
  query: fuzzedQuery,
  body,
  headers: fuzzedHeaders,
});

/** The people who make likely requests. */
const WHO = ['owner', 'owner', 'guest', 'knocker', 'operator', 'nobody'] as const;

interface LikelyRequest {
  endpoint: Endpoint;
  who: (typeof WHO)[number];
  body: string | undefined;
}

/** Some fields of an accepted body, replaced by anything. */
const bent = (json: object) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(json), ...Object.keys(json), 'entry', 'language', 'topic'), value, {
      maxKeys: 2,
    })
    .map((other) => JSON.stringify({ ...json, ...other }));

function likelyBodies({ method, path, json }: Endpoint): string[] {
  if (path === '/api/room/extension') return ANSWERS;
  return [JSON.stringify(json), ...(method === 'PATCH' && path === '/api/room' ? STEERING : [])];
}

/** A call of the contract, made as it is meant to be but for a field or two. */
export const likelyRequest: fc.Arbitrary<LikelyRequest> = fc
  .constantFrom(...ENDPOINTS, ...OPERATOR_ENDPOINTS)
  .chain((endpoint) =>
    fc.record({
      endpoint: fc.constant(endpoint),
      who: fc.constantFrom(...WHO),
      body:
        endpoint.json === undefined
          ? fc.constant(undefined)
          : fc.oneof(
              { weight: 2, arbitrary: fc.constantFrom(...likelyBodies(endpoint)) },
              { weight: 3, arbitrary: bent(endpoint.json) },
            ),
    }),
  );

/** Turns it into one for a room that exists. */
export function aimLikely(
  { endpoint, who, body }: LikelyRequest,
  ground: Ground,
): { path: string; question: Question } {
  const { owner, guest, knocker } = ground;
  const token = {
    owner: owner.token,
    guest: guest.token,
    knocker: knocker.token,
    operator: FUZZED_OPERATOR,
    nobody: undefined,
  }[who];
  const path = pathOf(endpoint, owner.roomId, guest.memberId).replace(NAMED_KNOCK, knocker.knockId);
  return {
    path,
    question: {
      token,
      ...(body !== undefined && { body: aim(body, ground), headers: { 'content-type': 'application/json' } }),
    },
  };
}

/** Turns the request into one for a room that exists. */
export function aimRequest(request: FuzzedRequest, ground: Ground): { path: string; question: Question } {
  const bodiless = ['GET', 'HEAD', 'get'].includes(request.method) || request.body === undefined;
  return {
    path: `${request.path}?${aim(request.query, ground)}`,
    question: {
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, text]) => [name, aim(text, ground)])),
      ...(!bodiless && { body: typeof request.body === 'string' ? aim(request.body, ground) : request.body }),
    },
  };
}
