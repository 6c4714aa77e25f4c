/** Those in which most of the web is written. A reader's own come on top of them. */
const LANGUAGES =
  'ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv sw ta th tr uk ur vi zh'.split(
    ' ',
  );

/** The language of a tag without its country: `pt` for `pt-BR`; null for what is no tag. */
export function bareLanguage(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return null;
  }
}

/** What a language is called in another one; the tag itself where nobody knows it. `sr-Latn` may have a name, `x-klingon` has none. */
export function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export interface NamedLanguage {
  readonly tag: string;
  readonly name: string;
}

/** The languages to choose from, by name, with those that somebody uses among them. */
export function languagesToChoose(locale: string, used: readonly string[]): readonly NamedLanguage[] {
  const tags = new Set([...LANGUAGES, ...used]);
  const collator = new Intl.Collator(locale);
  return [...tags]
    .map((tag) => ({ tag, name: languageName(tag, locale) }))
    .sort((one, other) => collator.compare(one.name, other.name));
}
