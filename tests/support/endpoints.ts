import { SENDER, TEXT } from './rooms';

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly inRoom: boolean;
  /** The part of the path after the room id, for calls that name a member. */
  readonly query: (memberId: string) => string;
  /** A body that is accepted. */
  readonly json?: Record<string, unknown>;
}

const endpoint = (method: Endpoint['method'], path: string, json?: Record<string, unknown>): Endpoint => ({
  method,
  path,
  inRoom: path !== '/api/health' && !(method === 'POST' && path === '/api/room'),
  query: (memberId) => (method === 'DELETE' && path === '/api/members' ? `&memberId=${memberId}` : ''),
  ...(json && { json }),
});

/** Every call of the contract except the event stream. */
export const ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/api/room', {}),
  endpoint('GET', '/api/room'),
  endpoint('POST', '/api/room/join', {}),
  endpoint('POST', '/api/room/leave', {}),
  endpoint('DELETE', '/api/room'),
  endpoint('PATCH', '/api/room', { locked: true }),
  endpoint('GET', '/api/members'),
  endpoint('PATCH', '/api/members', { name: SENDER }),
  endpoint('DELETE', '/api/members'),
  endpoint('GET', '/api/messages'),
  endpoint('POST', '/api/messages', { sender: SENDER, text: TEXT }),
  endpoint('GET', '/api/health'),
];

export const pathOf = ({ path, inRoom, query }: Endpoint, roomId: string, memberId: string): string =>
  inRoom ? `${path}?roomId=${roomId}${query(memberId)}` : path;
