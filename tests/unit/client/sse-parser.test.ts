import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventDataReader } from '@/client/sse-parser';

function read(...pieces: string[]): string[] {
  const found: string[] = [];
  const feed = eventDataReader((data) => found.push(data));
  for (const piece of pieces) feed(piece);
  return found;
}

describe('the data of an event stream', () => {
  it.each([
    ['one event', ['data: {"a":1}\n\n'], ['{"a":1}']],
    ['several in one piece', ['data: 1\n\ndata: 2\n\n'], ['1', '2']],
    ['an event cut anywhere', ['da', 'ta: 1', '2\n', '\n'], ['12']],
    ['an event that has not ended', ['data: 1\n'], []],
    ['several lines of data', ['data: 1\ndata: 2\n\n'], ['1\n2']],
    ['no space, one space, two', ['data:1\n\ndata: 2\n\ndata:  3\n\n'], ['1', '2', ' 3']],
    ['a field without a value', ['data\n\n'], ['']],
    ['other line ends', ['data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n'], ['1', '2', '3']],
    ['a line end cut in two', ['data: 1\r', '\n\r', '\ndata: 2\n\n'], ['1', '2']],
    ['comments and other fields', [': hello\n\nid: 7\nevent: ping\nretry: 5\ndatum: 9\ndata: 1\n\n'], ['1']],
  ])('is read from %s', (_, pieces, data) => {
    expect(read(...pieces)).toEqual(data);
  });

  it('is the same as another parser of event streams finds, wherever the pieces are cut', () => {
    const part = fc.constantFrom(
      'data',
      'data:',
      'data: ',
      ':',
      'id: 1',
      'event: x',
      'x',
      ' ',
      '{"a":"ä🦦"}',
      '\n',
      '\r\n',
      '\n\n',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.array(fc.array(part).map((parts) => parts.join(''))), (pieces) => {
        const theirs: string[] = [];
        const parser = createParser({ onEvent: ({ data }) => theirs.push(data) });
        for (const piece of pieces) parser.feed(piece);
        expect(read(...pieces)).toEqual(theirs);
      }),
      { numRuns: 1_000 },
    );
  });
});
