import { expect } from 'vitest';

/** Vitest's own matchers have the type `any`. These stand in expected values without spreading it. */
export const aNumber: unknown = expect.any(Number);
export const aText: unknown = expect.any(String);
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const A_ROOM_ID = textLike(/^[A-Za-z0-9]{22}$/);
export const A_MEMBER_ID = textLike(/^[A-Za-z0-9]{16}$/);
export const A_TOKEN = textLike(/^[A-Za-z0-9_-]{43}$/);
export const A_CURSOR = textLike(/^\d+-\d+$/);
