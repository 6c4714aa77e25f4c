import { useTranslations } from 'next-intl';
import type { MemberId } from '@/domain/room';
import { namesake, shownName } from '@/domain/text-rules';

/** Enough characters of a memberId to distinguish the people of one room. */
const MARK_CHARACTERS = 4;

/** A person to be named: the fields that `Person` and the entries of the transcript share. */
export interface Named {
  name: string | null;
  mark?: number | undefined;
  memberId?: MemberId | undefined;
}

export interface PersonLabel {
  /** The name they chose, or one made from their memberId while none is known. */
  name: string;
  /** Follows the name where somebody before them has the same one; otherwise empty. */
  mark: string;
  /** Both, for use inside a sentence. */
  inSentence: string;
}

/** Returns a function that names a person. */
export function usePersonLabel(): (person: Named) => PersonLabel {
  const t = useTranslations('transcript');
  const nameless = (mark: string) => t('nameless', { mark });

  /** Whether somebody chose a name that the page uses itself: for the reader, or for people without a name. */
  function isOurWord(name: string): boolean {
    const key = namesake(name);
    const end = Array.from(name).slice(-MARK_CHARACTERS).join('');
    return key === namesake(t('you')) || key === namesake(nameless(end));
  }

  function nameOf({ name, memberId }: Named): string {
    if (name === null) return nameless((memberId ?? '').slice(0, MARK_CHARACTERS));
    const shown = shownName(name);
    return isOurWord(shown) ? t('quoted', { name: shown }) : shown;
  }

  return (person) => {
    const name = nameOf(person);
    if (person.mark === undefined) return { name, mark: '', inSentence: isolated(name) };
    return {
      name,
      mark: t('mark', { mark: person.mark }),
      inSentence: t('marked', { name: isolated(name), mark: person.mark }),
    };
  };
}

/** A name inside a sentence, isolated so that one written right to left does not turn the words around it. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
