import 'server-only';
import type { IncomingMessage } from 'node:http';
import { PAGE_METHOD_HEADER } from '@/server/auth/origin';

/** The methods that Next can pass on; it answers any other with a bare 400, or fails. */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

const OF_THE_API = /^\/api(?:[/?]|$)/;
/** The API’s paths need no escapes and no dots, which Next would resolve differently than we do. */
const API_PATH = /^\/api\/[^%.\\#?]*(?:\?|$)/;
const OF_NEXT = /^\/(?:_next\/|__nextjs)/;

/** Nothing is here, and the API says so. */
const NOWHERE = '/api/*';

/** Returns a target as a path. Next fails on the other forms that HTTP knows: a whole URL, which is taken apart, and `*`. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target;
  if (!URL.canParse(target)) return NOWHERE;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

/**
 * Turns any request into one that Next can handle. Requests that pass proxy.ts lose their body, because Next copies
 * bodies and logs the path when one is large or cut off. Only the API takes bodies, and its requests do not pass there. In
 * development Next's own tools send bodies too.
 */
export function prepareTarget(request: IncomingMessage, production: boolean): void {
  const { method = '', url = '' } = request;
  const path = pathOf(url);
  const isRead = method === 'GET' || method === 'HEAD';
  const isNowhere = OF_THE_API.test(path) ? !API_PATH.test(path) : production && !isRead && OF_NEXT.test(path);
  request.url = isNowhere ? NOWHERE : path;
  // None of our routes answers OPTIONS, so a method unknown to Next is answered like one unknown to us.
  if (!METHODS.has(method)) request.method = 'OPTIONS';
  if (isRead || OF_THE_API.test(request.url) || OF_NEXT.test(request.url)) return;
  request.headers[PAGE_METHOD_HEADER] = request.method;
  request.method = 'GET';
}
