import { createHandleBook, handleOf, type HandleBook, type Mentioned } from '@/domain/mentions';
import type { MemberId } from '@/domain/room';
import type { Readable } from '@/lib/store';
import type { NameBook } from './name-book';

/** Whom texts speak to. */
export interface Calling {
  /**
   * Those whom a text speaks to by name. `among`: the members that its author means, where the message says so; one whose name is
   * another by now is among them, too.
   */
  readonly mentioned: (text: string, among?: readonly MemberId[]) => readonly Mentioned[];
}

/** By the names that people have, and by those that they had while this page was there. */
export function createCalling(
  { labelOf, everyone }: Pick<NameBook, 'labelOf' | 'everyone'>,
  naming: Pick<Readable<number>, 'subscribe'>,
): Calling {
  const book = createHandleBook();
  let isCurrent = false;
  naming.subscribe(() => (isCurrent = false));

  function current(): HandleBook {
    if (isCurrent) return book;
    for (const memberId of everyone()) {
      const handle = handleOf(labelOf(memberId));
      if (handle !== null) book.add(handle, memberId);
    }
    isCurrent = true;
    return book;
  }

  return {
    mentioned: (text, among) => {
      if (among === undefined) return text.includes('@') ? current().find(text) : [];
      const found = among.length === 0 ? [] : current().find(text);
      return [...new Set(among)].map(
        (memberId) =>
          found.find((one) => one.memberId === memberId) ?? { memberId, name: handleOf(labelOf(memberId)) ?? '' },
      );
    },
  };
}
