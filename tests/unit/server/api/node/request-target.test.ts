import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { prepareTarget } from '@/server/api/node/request-target';
import { PAGE_METHOD_HEADER } from '@/server/auth/origin';

function prepared(method: string, url: string, production = true): string {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, url });
  prepareTarget(request, production);
  const pageMethod = request.headers[PAGE_METHOD_HEADER];
  return [request.method, request.url, ...(pageMethod === undefined ? [] : [`was ${String(pageMethod)}`])].join(' ');
}

describe('a request as Next is given it', () => {
  it.each([
    ['GET /', 'GET /'],
    ['GET /room/x?y=%41', 'GET /room/x?y=%41'],
    ['POST /room/x', 'GET /room/x was POST'],
    ['HEAD /', 'HEAD /'],
    ['PROPFIND /', 'GET / was OPTIONS'],
    ['POST /api/room', 'POST /api/room'],
    ['POST /api/room?x=%41&y=a.b', 'POST /api/room?x=%41&y=a.b'],
    ['PROPFIND /api/room', 'OPTIONS /api/room'],
    ['DELETE /api/room/', 'DELETE /api/room/'],
    ['GET /api/openapi/json', 'GET /api/openapi/json'],
    ['GET http://elsewhere.example/api/health?x', 'GET /api/health?x'],
    ['GET *', 'GET /api/*'],
    ['GET http://[/x', 'GET /api/*'],
    ['POST /apiary', 'GET /apiary was POST'],
    ['POST /%61pi/room', 'GET /%61pi/room was POST'],
    ['GET /_next/static/x.js', 'GET /_next/static/x.js'],
    ['POST /_next', 'GET /_next was POST'],
  ])('%s becomes %s', (asked, given) => {
    const [method = '', url = ''] = asked.split(' ');
    expect(prepared(method, url)).toBe(given);
  });

  it.each([
    '/api',
    '/api?x',
    '/api/r%6fom',
    '/api/%',
    '/api/r%6fom?x=1',
    '/api/../room',
    '/api/./room',
    '/api/x.y',
    '/api/x\\y',
    '/_next/x',
    '/_next/image?url=x',
    '/_next/static/x.js',
    '/_next/data/x.json',
    '/__nextjs_x',
  ])('POST %s goes nowhere, and Next hears no more of it', (url) => {
    expect(prepared('POST', url)).toBe('POST /api/*');
  });

  it('goes to Next’s tools in development', () => {
    expect(prepared('POST', '/__nextjs_original-stack-frames', false)).toBe('POST /__nextjs_original-stack-frames');
  });
});
