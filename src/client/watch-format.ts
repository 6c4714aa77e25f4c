import { FORMAT_HEADER, isNewerFormat } from '@/domain/format';

/** A `fetch` that reports when a response comes from a server that is newer than this page. */
export function watchFormat(fetcher: typeof fetch, onNewer: () => void): typeof fetch {
  return async (input, init) => {
    const response = await fetcher(input, init);
    if (isNewerFormat(response.headers.get(FORMAT_HEADER))) onNewer();
    return response;
  };
}
