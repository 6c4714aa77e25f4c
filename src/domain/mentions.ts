import { MENTIONS_MAX } from './limits';
import type { MemberId } from './room';
import { shownName } from './text-rules';

/** Somebody who can be spoken to by name. */
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

export const continuesWord = (character: string | undefined) =>
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
  /**
   * Everybody that a text speaks to, each once and in its order, as many as a message may mention; of two handles that fit, the
   * longer one counts.
   */
  readonly find: (text: string) => readonly Mentioned[];
}

/** Handles that begin in the same way, up to here, and whose handle ends here. */
interface Branch {
  memberId?: MemberId;
  readonly next: Map<string, Branch>;
}

/** As many places are looked at in a text: whoever writes a thousand `@` means nobody by most of them. */
const LOOKS_MAX = 2 * MENTIONS_MAX;

/** Upper case first makes ς and σ the same. */
const caseless = (character: string) => character.toUpperCase().toLowerCase();

const characterAt = (text: string, at: number): string | undefined => {
  const codePoint = text.codePointAt(at);
  return codePoint === undefined ? undefined : String.fromCodePoint(codePoint);
};

/** A tree of their characters, so that looking for all of them costs as much as reading the longest that fits. */
export function createHandleBook(): HandleBook {
  const root: Branch = { next: new Map() };

  function handleAt(text: string, start: number): Mentioned | null {
    let found: Mentioned | null = null;
    let branch: Branch | undefined = root;
    for (let at = start; ;) {
      const character = characterAt(text, at);
      branch = character === undefined ? undefined : branch.next.get(caseless(character));
      if (branch === undefined || character === undefined) return found;
      at += character.length;
      const { memberId } = branch;
      if (memberId !== undefined && !continuesWord(characterAt(text, at)))
        found = { memberId, name: text.slice(start, at) };
    }
  }

  return {
    add: (handle, memberId) => {
      let branch = root;
      for (const character of handle) {
        const next = branch.next.get(caseless(character)) ?? { next: new Map() };
        branch.next.set(caseless(character), next);
        branch = next;
      }
      branch.memberId = memberId;
    },
    find: (text) => {
      const found = new Map<MemberId, Mentioned>();
      let looks = 0;
      for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
        if (continuesWord(text[at - 1])) continue;
        looks += 1;
        const mentioned = handleAt(text, at + 1);
        if (mentioned !== null && !found.has(mentioned.memberId)) found.set(mentioned.memberId, mentioned);
        if (looks === LOOKS_MAX || found.size === MENTIONS_MAX) break;
      }
      return [...found.values()];
    },
  };
}
