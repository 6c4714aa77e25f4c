/**
 * Returns a function that takes a `text/event-stream` (WHATWG HTML, 9.2.6) in pieces, cut anywhere, and passes on the data of
 * every event. Names, ids and retry times are left out: Mayfly's events carry all of it in their data.
 */
export function eventDataReader(onData: (data: string) => void): (piece: string) => void {
  let rest = '';
  let data: string[] = [];
  return (piece) => {
    // A carriage return at the very end may be half of a line end, so it waits for the next piece.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const field = /^data(?:: ?(.*))?$/s.exec(line);
      if (field !== null) data.push(field[1] ?? '');
      else if (line === '' && data.length > 0) {
        onData(data.join('\n'));
        data = [];
      }
    }
  };
}
