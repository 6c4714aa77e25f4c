import 'server-only';
import { type Bytes, bytesToText } from './bytes';

/** A status line such as `OK`: Lua scripts get it as `{ ok = … }`, unlike a string. */
export class Status {
  constructor(readonly text: Bytes) {}
}

/** An error line whose first word is its kind: `WRONGTYPE Operation against …`. */
export class Failure {
  constructor(readonly text: Bytes) {}
}

/** The reply to a command, in the shapes of RESP2; null stands for both of its nils. */
export type Reply = Bytes | number | null | Status | Failure | readonly Reply[];

export const OK = new Status('OK');

/** Thrown by a command whose reply is an error. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export const wrongType = () => new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
export const syntaxError = () => new CommandError('ERR syntax error');

/** The JSON value that Upstash's REST interface gives for a reply. */
export function replyToJson(reply: Reply): unknown {
  if (reply === null || typeof reply === 'number') return reply;
  if (typeof reply === 'string') return bytesToText(reply);
  if (reply instanceof Status || reply instanceof Failure) return bytesToText(reply.text);
  return reply.map(replyToJson);
}
