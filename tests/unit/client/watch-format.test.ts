import { expect, it, vi } from 'vitest';
import { watchFormat } from '@/client/watch-format';
import { FORMAT, FORMAT_HEADER } from '@/domain/format';

it.each([
  ['a newer server', String(FORMAT + 1), true],
  ['a server of the same build', String(FORMAT), false],
  ['an older server', String(FORMAT - 1), false],
  ['something in between that says nothing', null, false],
  ['something in between that says nonsense', 'newest', false],
])('a response by %s is passed on, and reported if it is newer than the page', async (_who, format, isNewer) => {
  const response = new Response('text', { headers: format === null ? {} : { [FORMAT_HEADER]: format } });
  const onNewer = vi.fn();
  expect(await watchFormat(() => Promise.resolve(response), onNewer)('/api/room')).toBe(response);
  expect(onNewer).toHaveBeenCalledTimes(isNewer ? 1 : 0);
});
