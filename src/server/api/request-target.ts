import 'server-only';
import type { IncomingMessage } from 'node:http';
import { PAGE_METHOD_HEADER } from '@/server/auth/origin';

/** The methods that Next can hand on; with any other it answers a bare 400, or fails. */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

const OF_THE_API = /^\/api(?:[/?]|$)/;
/** What the API may have: its paths need no escapes and no dots, which would take Next elsewhere than they take us. */
const API_PATH = /^\/api\/[^%.\\#?]*(?:\?|$)/;
const OF_NEXT = /^\/(?:_next\/|__nextjs)/;

/** Where nothing is, and the API says so. */
const NOWHERE = '/api/*';

/** A target as a path. Next fails at the others that HTTP knows: a whole address, which is taken apart, and `*`. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target;
  if (!URL.canParse(target)) return NOWHERE;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

/**
 * Makes of any request one that Next can take. What passes proxy.ts comes without a body, since Next copies those
 * and writes the path into the log when one is large or breaks off; only the API takes any, which does
 * not pass there. In development Next's own tools send to it.
 */
export function prepareTarget(request: IncomingMessage, production: boolean): void {
  const { method = '', url = '' } = request;
  const path = pathOf(url);
  const isRead = method === 'GET' || method === 'HEAD';
  const isNowhere = OF_THE_API.test(path) ? !API_PATH.test(path) : production && !isRead && OF_NEXT.test(path);
  request.url = isNowhere ? NOWHERE : path;
  // Nothing of ours answers OPTIONS, so a method that Next does not know is answered as one that we do not.
  if (!METHODS.has(method)) request.method = 'OPTIONS';
  if (isRead || OF_THE_API.test(request.url) || OF_NEXT.test(request.url)) return;
  request.headers[PAGE_METHOD_HEADER] = request.method;
  request.method = 'GET';
}
