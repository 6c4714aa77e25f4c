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
    /** The file that collects the rows of a run, one JSON a line. */
    attackRows: string;
  }
}

/** Gives the function that writes down what an attack did, whether the test then passes or not. */
export const recorderOf =
  (attack: string) =>
  (measured: string, value: string): void => {
    const row: Row = { attack, measured, value };
    appendFileSync(inject('attackRows'), `${JSON.stringify(row)}\n`);
  };
