import { findWords, fold, wordsOf, type Folded, type Span } from '@/lib/find-words';
import { plainWords } from '@/lib/markup';
import type { MessageEntry, TranscriptEntry } from '@/session/messages/transcript';

/** A message that has all words of a query. */
export interface Hit {
  readonly message: MessageEntry;
  /** Its words in one line, from a little before the first hit, and where the hits are in it. */
  readonly excerpt: string;
  readonly spans: readonly Span[];
}

/** So much stands before the first hit, so that it is in sight in two lines on a phone. */
const BEFORE_CHARACTERS = 24;

interface Readied {
  readonly words: string;
  readonly folded: Folded;
}
/** Every key is compared with all messages again: they are made ready once. An entry whose text changes is another one. */
const readied = new WeakMap<MessageEntry, Readied>();

/** A file is found by what it is called, too; a recorded voice has no name that anybody gave it. */
const nameIn = ({ file }: MessageEntry): string => (file === undefined || file.voice !== undefined ? '' : file.name);

function ready(message: MessageEntry, text: string): Readied {
  const known = readied.get(message);
  if (known !== undefined) return known;
  const words = [plainWords(text), nameIn(message)].join(' ').replace(/\s+/gu, ' ').trim();
  const made = { words, folded: fold(words) };
  readied.set(message, made);
  return made;
}

/** Not on its way out, nor on its way to the others; the link of a new room is no words. */
const isKept = ({ cursor, leaving, offer }: MessageEntry) =>
  cursor !== undefined && leaving === undefined && offer === undefined;

/** The stored messages that have all words of a query, the newest first. */
export function findMessages(entries: readonly TranscriptEntry[], query: string): readonly Hit[] {
  const wanted = wordsOf(query);
  if (wanted.length === 0) return [];
  const hits: Hit[] = [];
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const message = entries[index];
    if (message?.kind !== 'message' || message.text === null || !isKept(message)) continue;
    const { words, folded } = ready(message, message.text);
    const spans = findWords(folded, wanted);
    if (spans !== null) hits.push({ message, ...excerptOf(words, spans) });
  }
  return hits;
}

function excerptOf(words: string, spans: readonly Span[]): Pick<Hit, 'excerpt' | 'spans'> {
  const first = spans[0]?.from ?? 0;
  if (first <= BEFORE_CHARACTERS) return { excerpt: words, spans };
  // At the beginning of a word, or of the hit where there is none.
  const blank = words.slice(0, first).indexOf(' ', first - BEFORE_CHARACTERS);
  const cut = blank < 0 ? first : blank + 1;
  const moved = spans.map(({ from, to }) => ({ from: from - cut + 1, to: to - cut + 1 }));
  return { excerpt: `…${words.slice(cut)}`, spans: moved };
}
