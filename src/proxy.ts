import { type NextRequest, NextResponse } from 'next/server';
import { RoomError } from '@/domain/errors';
import { problemResponse } from '@/server/api/errors';
import { PAGE_METHOD_HEADER } from '@/server/auth/origin';

const POLICY = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'connect-src': "'self'",
  'font-src': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'manifest-src': "'self'",
};

/** In a room, what members sent is shown from memory, where the page has put it together. */
const IN_ROOM = { 'img-src': `${POLICY['img-src']} blob:`, 'media-src': 'blob:' };

/**
 * `strict-dynamic` lets a script with the nonce load its chunks; nothing else runs. Development
 * needs `eval` for React's error overlays and inline styles for its tools.
 */
function contentSecurityPolicy(
  nonce: string,
  { inRoom, development }: { inRoom: boolean; development: boolean },
): string {
  const directives = {
    ...POLICY,
    ...(inRoom && IN_ROOM),
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    'style-src': `'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

const isDecodable = (path: string): boolean => {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

function nothingHere(): Response {
  const response = problemResponse(new RoomError('not_found'));
  response.headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  return response;
}

/** Gives every page a nonce of its own. Pages are only read, and nothing is at a path that cannot be decoded. */
export function proxy(request: NextRequest): Response {
  const { pathname } = request.nextUrl;
  if (!isDecodable(pathname)) return nothingHere();
  if (pathname.startsWith('/api/')) return NextResponse.next();
  if (request.headers.has(PAGE_METHOD_HEADER)) return nothingHere();
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce, {
    inRoom: pathname.startsWith('/room/'),
    development: process.env.NODE_ENV === 'development',
  });
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Next reads the nonce out of the request's policy and gives it to its own scripts.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

// Pages, and any path with an escape in it, because one that cannot be decoded fails before the API sees it.
export const config = { matcher: ['/((?!_next/static/|api/).*)', '/api/(.*%.*)'] };
