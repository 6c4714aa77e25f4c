import { createDeferred } from '@/lib/deferred';
import type { LOCALE } from './locale';

/** Emoji under one heading, as the language file has them: "🐶 dog,🐱 cat". */
export interface EmojiGroup {
  readonly title: string;
  readonly emoji: string;
}

interface EmojiWords {
  readonly groups: readonly EmojiGroup[];
}

/** Nobody needs their names before they look for one: each language has a file of its own, which comes after the page. */
export const emojiWords = {
  // The whole file: a build leaves out of it whatever no line names.
  en: createDeferred<EmojiWords>(async () => (await import('./words/emoji/en.json')).default),
} satisfies Record<typeof LOCALE, unknown>;
