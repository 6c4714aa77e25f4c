import type { Failure } from '@/domain/failure';

let failure: Failure | undefined;

/** How the server answers from now on; without a failure, it never does. */
export function answerAs(next: Failure | undefined): void {
  failure = next;
}

/** No call leaves the page: there is no server behind the gallery. */
export function interceptApi(): void {
  const fetch = window.fetch.bind(window);
  window.fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    if (!pathname.startsWith('/api/')) return fetch(input, init);
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
