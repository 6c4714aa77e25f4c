import type { Failure } from '@/domain/failure';

let failure: Failure | undefined;
let content: unknown;

/** How the server answers from now on; without a failure and without content, it never does. */
export function answerAs(next: { answer?: Failure; content?: unknown }): void {
  failure = next.answer;
  content = next.content;
}

/** No call leaves the page: there is no server behind the gallery. */
export function interceptApi(): void {
  const fetch = window.fetch.bind(window);
  window.fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    if (!pathname.startsWith('/api/')) return fetch(input, init);
    if (content !== undefined) return Promise.resolve(Response.json(content));
    return failure === undefined ? new Promise(() => undefined) : Promise.resolve(problem(failure));
  };
}

const STATUS = 503;

function problem({ reason, retryAfterSeconds }: Failure): Response {
  return new Response(JSON.stringify({ code: reason, status: STATUS }), {
    status: STATUS,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
  });
}
