import type { Row } from './report';

const COLUMNS = ['before', 'after'] as const;
/** `before`: figures of another checkout, which the run was pointed at. `after`: figures of this one. */
export type Column = (typeof COLUMNS)[number];

const HEAD = ['attack', 'what was measured', ...COLUMNS];
const KEY_CELLS = 2;

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/**
 * The table of a document, with the values of these rows in one of its columns. Cells that the run did not measure
 * stay.
 */
export function mergeTable(document: string, rows: readonly Row[], column: Column): string {
  const table = new Map<string, string[]>();
  const keyOf = (cells: readonly string[]) => cells.slice(0, KEY_CELLS).join(' | ');
  for (const line of document.split('\n').filter((text) => text.startsWith('| '))) {
    const cells = cellsOf(line);
    const isRow = cells.length === HEAD.length && cells[0] !== HEAD[0] && !cells.every((cell) => /^-+$/.test(cell));
    if (isRow) table.set(keyOf(cells), cells);
  }
  for (const { attack, measured, value } of rows) {
    const key = keyOf([attack, measured]);
    const cells = table.get(key) ?? [attack, measured, ...COLUMNS.map(() => '')];
    cells[KEY_CELLS + COLUMNS.indexOf(column)] = value;
    table.set(key, cells);
  }
  return renderTable([...table.values()]);
}

function renderTable(rows: readonly string[][]): string {
  const widths = HEAD.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(HEAD), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
