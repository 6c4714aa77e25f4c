import { SENDER, TEXT } from './rooms';
import { rekeyTo } from './sealed-rooms';

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly inRoom: boolean;
  /** The part of the path after the room id, for calls that name a member or a message. */
  readonly query: (memberId: string) => string;
  /** A body that is accepted. */
  readonly json?: Record<string, unknown>;
}

/** The message that is named where a call names one. */
export const NAMED_MESSAGE = 'message-1';
/** A knock of nobody. */
export const NAMED_KNOCK = 'NamedKnock012345';
/** The file that is named where a call names one. */
export const NAMED_FILE = 'NamedFile0123456789012';

const queryOf = (call: string, memberId: string): string => {
  if (call === 'DELETE /api/members' || call === 'POST /api/room/owner') return `&memberId=${memberId}`;
  if (call === 'POST /api/whispers') return `&to=${memberId}`;
  if (call === 'POST /api/knocks') return `&knockId=${NAMED_KNOCK}`;
  if (/ \/api\/files\/piece$/.test(call)) return `&fileId=${NAMED_FILE}&index=0`;
  if (/^(?:GET|DELETE) \/api\/files$/.test(call)) return `&fileId=${NAMED_FILE}`;
  return call === 'DELETE /api/messages' ? `&id=${NAMED_MESSAGE}` : '';
};

const OUTSIDE_ROOMS = ['GET /api/health', 'POST /api/room', 'GET /api/lobby', 'GET /api/reports'];

const endpoint = (method: Endpoint['method'], path: string, json?: Record<string, unknown>): Endpoint => ({
  method,
  path,
  inRoom: !OUTSIDE_ROOMS.includes(`${method} ${path}`),
  query: (memberId) => queryOf(`${method} ${path}`, memberId),
  ...(json && { json }),
});

/** Every call of the contract except the event stream and those of the operator. */
export const ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/api/room', {}),
  endpoint('GET', '/api/room'),
  endpoint('POST', '/api/room/join', {}),
  endpoint('POST', '/api/room/leave', {}),
  endpoint('DELETE', '/api/room'),
  endpoint('PATCH', '/api/room', { locked: true }),
  endpoint('POST', '/api/room/rekey', rekeyTo(1, [])),
  endpoint('GET', '/api/epochs'),
  endpoint('GET', '/api/members'),
  endpoint('PATCH', '/api/members', { name: SENDER }),
  endpoint('DELETE', '/api/members'),
  endpoint('GET', '/api/messages'),
  endpoint('POST', '/api/messages', { sender: SENDER, text: TEXT }),
  endpoint('DELETE', '/api/messages'),
  endpoint('POST', '/api/signals', { typing: true }),
  // No room has ended as early as that.
  endpoint('POST', '/api/room/extension', { agree: true, expiresAt: 1 }),
  endpoint('POST', '/api/room/owner'),
  endpoint('POST', '/api/whispers', { text: TEXT }),
  endpoint('GET', '/api/knocks'),
  endpoint('POST', '/api/knocks', { admit: true }),
  endpoint('POST', '/api/files', { id: 'AnotherFile01234567890', bytes: 5, pieces: 1 }),
  endpoint('GET', '/api/files'),
  endpoint('DELETE', '/api/files'),
  endpoint('PUT', '/api/files/piece'),
  endpoint('GET', '/api/files/piece'),
  endpoint('POST', '/api/reports', { reason: 'Rude' }),
  endpoint('GET', '/api/lobby'),
  endpoint('GET', '/api/health'),
];

/** Calls that are not there unless the operator has a token. */
export const OPERATOR_ENDPOINTS: readonly Endpoint[] = [
  endpoint('GET', '/api/reports'),
  endpoint('DELETE', '/api/reports'),
];

export const pathOf = ({ path, inRoom, query }: Endpoint, roomId: string, memberId: string): string =>
  inRoom ? `${path}?roomId=${roomId}${query(memberId)}` : path;
