import { continuesWord } from './mentions';

/** The name that is being typed behind an `@`, up to the cursor, and where its `@` stands. */
export interface MentionQuery {
  readonly start: number;
  readonly text: string;
}

/** A name is on one line, and nobody has a longer one. */
const QUERY_CHARACTERS_MAX = 100;

export function mentionQueryAt(text: string, cursor: number): MentionQuery | null {
  const start = text.lastIndexOf('@', cursor - 1);
  if (start < 0 || cursor <= start || continuesWord(text[start - 1])) return null;
  const query = text.slice(start + 1, cursor);
  return query.includes('\n') || query.length > QUERY_CHARACTERS_MAX ? null : { start, text: query };
}

/** Whether a handle fits what is typed: from its beginning, or from the beginning of one of its words. */
export function fitsQuery(handle: string, query: string): boolean {
  const [within, sought] = [folded(handle), folded(query)];
  return within.startsWith(sought) || (sought !== '' && within.includes(` ${sought}`));
}

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
