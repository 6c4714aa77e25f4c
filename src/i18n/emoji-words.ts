import { createDeferred } from '@/lib/deferred';
import type { LOCALE } from './locale';

/** Emoji under one heading, as the language file has them: "🐶 dog,🐱 cat". */
export interface EmojiGroup {
  readonly title: string;
  readonly emoji: string;
}

/** Groups have names and are no list: what a build keeps of a list in a JSON file may be none. */
type EmojiWords = Readonly<Record<string, EmojiGroup>>;

/** Nobody needs their names before they look for one: each language has a file of its own, which comes after the page. */
export const emojiWords = {
  // The whole file: a build leaves out of it whatever no line names.
  en: createDeferred<EmojiWords>(async () => (await import('./words/emoji/en.json')).default),
} satisfies Record<typeof LOCALE, unknown>;
