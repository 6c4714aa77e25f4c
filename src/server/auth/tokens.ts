import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import { customAlphabet } from 'nanoid';
import { knockIdSchema } from '@/domain/knock';
import { MEMBER_ID_CHARACTERS, memberIdSchema, ROOM_ID_CHARACTERS, roomIdSchema } from '@/domain/room';
import { messageIdSchema } from '@/domain/message';

/** 256 random bits in base64url. Whoever has the token has the seat. */
const TOKEN_BYTES = 32;
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/;

const LETTERS_AND_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomId = customAlphabet(LETTERS_AND_DIGITS, ROOM_ID_CHARACTERS);

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');
export const newRoomId = () => roomIdSchema.parse(randomId());
export const newMemberId = () => memberIdSchema.parse(randomId(MEMBER_ID_CHARACTERS));
export const newKnockId = () => knockIdSchema.parse(randomId(MEMBER_ID_CHARACTERS));
export const newMessageId = () => messageIdSchema.parse(randomId());
/** Names one request, so its repeat is recognised. */
export const newRequestId = (): string => randomId();

/** SHA-256 of a token, base64url: the only form in which tokens are stored and looked up. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Returns the hash of a credential, or the empty string, which belongs to no seat, when it cannot be one. */
export const hashCredential = (token: string | null): string =>
  token !== null && TOKEN_SHAPE.test(token) ? hashToken(token) : '';
