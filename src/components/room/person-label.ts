import { useTranslations } from 'next-intl';
import type { MemberId } from '@/domain/room';

/** As many characters of the memberId as tell people of one room apart. */
const MARK_CHARACTERS = 4;

/** What to call somebody: the name they chose, or a label made from their memberId while none is known. */
export function usePersonLabel(): (name: string | null, memberId: MemberId | undefined) => string {
  const t = useTranslations('transcript');
  return (name, memberId) => name ?? t('nameless', { mark: (memberId ?? '').slice(0, MARK_CHARACTERS) });
}

/** A name inside a sentence: marked so that one written right to left does not turn the words around it. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
