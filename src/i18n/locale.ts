import type messages from './words/en.json';

/** The language that the words are written in. */
export const LOCALE = 'en';

declare module 'next-intl' {
  // A key that the catalogue does not have is a type error wherever it is used.
  interface AppConfig {
    Locale: typeof LOCALE;
    Messages: typeof messages;
  }
}
