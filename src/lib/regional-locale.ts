/**
 * The locale to write times and numbers in: the page's own language as the reader's country writes it, when one of
 * the reader's languages says so (`en` for a reader of `en-GB` is `en-GB`, with 24 hours), else the language itself.
 */
export function regionalLocale(language: string, preferred: readonly string[]): string {
  return preferred.find((locale) => locale === language || locale.startsWith(`${language}-`)) ?? language;
}
