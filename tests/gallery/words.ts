import { createTranslator, type Messages } from 'next-intl';
import { LOCALE } from '@/i18n/locale';
import messages from '@/i18n/words/en.json';
import { pseudoWords } from './pseudo-words';

export const WORDS = ['plain', 'long', 'mirrored'] as const;
export type WordsName = (typeof WORDS)[number];

const CATALOGUES: Record<WordsName, Messages> = {
  plain: messages,
  long: pseudoWords(messages, 'long'),
  mirrored: pseudoWords(messages, 'mirrored'),
};

export const catalogue = (name: WordsName): Messages => CATALOGUES[name];

const translatorOf = (words: Messages) => createTranslator({ locale: LOCALE, messages: words });
/** Finds a text as the screen shows it: `t('room.menu')`. */
export type Translator = ReturnType<typeof translatorOf>;
export const translator = (name: WordsName): Translator => translatorOf(catalogue(name));
