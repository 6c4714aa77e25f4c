import type { InsideScreen } from './inside-screen';

/** A minute's room comes to its last words after half of it. */
export const UNTIL_NEAR = { timeout: 45_000 };

/** What the last two minutes of a room offer. */
export const lastWordsOf = ({ page, dialog, log }: InsideScreen) => ({
  save: page.getByRole('button', { name: 'Save a copy' }),
  confirm: dialog.getByRole('button', { name: 'Save a copy' }),
  goOn: page.getByRole('button', { name: 'Go on in a new room' }),
  goOver: page.getByRole('main').getByRole('button', { name: 'Go to the new room' }),
  card: log.getByRole('button', { name: 'Go there' }),
});
