import { useTranslations } from 'next-intl';
import type { MemberId } from '@/domain/room';
import { namesake, shownName } from '@/domain/text-rules';

/** As many characters of the memberId as tell people of one room apart. */
const MARK_CHARACTERS = 4;

/** Somebody to be named: as `Person` and the entries of the transcript have it. */
export interface Named {
  name: string | null;
  mark?: number | undefined;
  memberId?: MemberId | undefined;
}

export interface PersonLabel {
  /** The name they chose, or one made from their memberId while none is known. */
  name: string;
  /** Behind the name where somebody before them has the same; empty where nobody has. */
  mark: string;
  /** Both, to stand in a sentence. */
  inSentence: string;
}

/** What to call somebody. */
export function usePersonLabel(): (person: Named) => PersonLabel {
  const t = useTranslations('transcript');
  const nameless = (mark: string) => t('nameless', { mark });

  /** Whether somebody calls themselves what the page calls others: the reader, or those without a name. */
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

/** A name inside a sentence: marked so that one written right to left does not turn the words around it. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
