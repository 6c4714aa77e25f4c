import * as z from 'zod/mini';
import { expect } from 'vitest';
import { seatedCardSchema } from '@/domain/epoch';
import { textLike } from './matchers';
import type { Answer } from './rooms';

/** The status of every `code`, as the contract lists them. */
const STATUS = {
  malformed_body: 400,
  not_a_member: 401,
  not_the_owner: 403,
  not_the_author: 403,
  wrong_key: 403,
  room_locked: 403,
  refused: 403,
  lobby_off: 403,
  member_away: 409,
  cannot_extend: 409,
  cross_origin: 403,
  room_not_found: 404,
  not_found: 404,
  file_not_found: 404,
  room_full: 409,
  message_id_taken: 409,
  message_limit_reached: 409,
  epoch_changed: 409,
  member_id_taken: 409,
  members_changed: 409,
  room_too_large: 409,
  signals_off: 409,
  file_limit_reached: 409,
  file_unfinished: 409,
  body_too_large: 413,
  file_too_large: 413,
  unsupported_media_type: 415,
  invalid_request: 422,
  rate_limited: 429,
  storage_unavailable: 503,
  storage_full: 503,
} as const;
export type ProblemCode = keyof typeof STATUS;

const SAYS_WHEN_TO_COME_BACK: readonly ProblemCode[] = ['rate_limited', 'storage_unavailable', 'storage_full'];

const LIMITS_A_FILE: readonly ProblemCode[] = ['file_too_large', 'file_limit_reached'];

const faultsSchema = z.object({
  errors: z.array(z.strictObject({ path: z.string(), message: z.string().check(z.regex(/\w/)) })).check(z.minLength(1)),
});

const limitSchema = z.object({ maxBytes: z.int() });
const changedSchema = z.object({ members: z.array(seatedCardSchema) });

/** Checks that an answer is the problem document of `code` and nothing else; `paths` are where the faults are. */
export function expectProblem({ status, headers, body }: Answer, code: ProblemCode, paths?: readonly string[]): void {
  const faults = code === 'invalid_request' ? faultsSchema.parse(body).errors : [];
  expect(body).toEqual({
    type: textLike(/^(about:blank|\/|https?:)/),
    title: textLike(/\w/),
    status: STATUS[code],
    detail: textLike(/\w/),
    code,
    ...(code === 'invalid_request' && { errors: faults }),
    ...(code === 'members_changed' && { members: changedSchema.parse(body).members }),
    ...(LIMITS_A_FILE.includes(code) && { maxBytes: limitSchema.parse(body).maxBytes }),
  });
  expect(status).toBe(STATUS[code]);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('cache-control')).toContain('no-store');
  expect(headers.get('set-cookie')).toBeNull();
  if (SAYS_WHEN_TO_COME_BACK.includes(code)) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  else expect(headers.get('retry-after')).toBeNull();
  if (paths) expect([...new Set(faults.map(({ path }) => path))]).toEqual(paths);
}
