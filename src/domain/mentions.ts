import type { MemberId } from './room';
import { shownName } from './text-rules';

/** Who can be spoken to by name. */
export interface Callable {
  readonly name: string | null;
  readonly mark?: number | undefined;
}

/** A handle in a text. */
export interface Mentioned {
  readonly memberId: MemberId;
  /** As it stands in the text, behind the `@`. */
  readonly name: string;
}

/** A letter or a digit beside a name makes both of them another word, but in scripts that put no spaces between words. */
const WORD = /[\p{L}\p{M}\p{N}_]/u;
const UNSPACED = /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

const continuesWord = (character: string | undefined) =>
  character !== undefined && WORD.test(character) && !UNSPACED.test(character);

/** How somebody is called behind an `@`: by their name and, where a seat before theirs has the same one, its mark. */
export function handleOf({ name, mark }: Callable): string | null {
  const shown = name === null ? '' : shownName(name);
  if (shown === '') return null;
  return mark === undefined ? shown : `${shown} · ${mark}`;
}

/** Handles to look for, whatever their case. */
export interface HandleBook {
  readonly add: (handle: string, memberId: MemberId) => void;
  /** Everybody whom a text speaks to, each once and in its order; of two handles that fit, the longer one counts. */
  readonly find: (text: string) => readonly Mentioned[];
}

export function createHandleBook(): HandleBook {
  const members = new Map<string, MemberId>();
  /** Longest first. */
  let lengths: readonly number[] = [];

  function handleAt(text: string, start: number): Mentioned | null {
    for (const length of lengths) {
      const name = text.slice(start, start + length);
      const memberId = name.length === length ? members.get(name.toLowerCase()) : undefined;
      if (memberId === undefined) continue;
      const next = text.codePointAt(start + length);
      if (!continuesWord(next === undefined ? undefined : String.fromCodePoint(next))) return { memberId, name };
    }
    return null;
  }

  return {
    add: (handle, memberId) => {
      members.set(handle.toLowerCase(), memberId);
      if (!lengths.includes(handle.length)) lengths = [...lengths, handle.length].sort((one, other) => other - one);
    },
    find: (text) => {
      const found = new Map<MemberId, Mentioned>();
      for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
        const mentioned = continuesWord(text[at - 1]) ? null : handleAt(text, at + 1);
        if (mentioned !== null && !found.has(mentioned.memberId)) found.set(mentioned.memberId, mentioned);
      }
      return [...found.values()];
    },
  };
}

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
