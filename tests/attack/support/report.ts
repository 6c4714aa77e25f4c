import { appendFileSync } from 'node:fs';
import { inject } from 'vitest';

/** One line of the table "one visitor against the rest". */
export interface Row {
  readonly attack: string;
  readonly measured: string;
  readonly value: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** The file that collects the rows of a run, one JSON object on each line. */
    attackRows: string;
  }
}

/** Returns the function that writes down the figures of an attack, whether the test then passes or not. */
export const recorderOf =
  (attack: string) =>
  (measured: string, value: string): void => {
    const row: Row = { attack, measured, value };
    appendFileSync(inject('attackRows'), `${JSON.stringify(row)}\n`);
  };
