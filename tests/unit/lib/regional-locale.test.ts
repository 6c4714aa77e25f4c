import { expect, it } from 'vitest';
import { regionalLocale } from '@/lib/regional-locale';

it.each([
  ['a reader in Britain gets British times', ['en-GB', 'en'], 'en-GB'],
  ['the first country that speaks the language counts', ['fr-FR', 'en-AU', 'en-US'], 'en-AU'],
  ['the language alone will do', ['en', 'en-GB'], 'en'],
  ['no other language mixes in', ['fr-FR', 'de'], 'en'],
  ['nor one whose name only begins alike', ['enm-GB'], 'en'],
  ['a browser that tells nothing gets the language of the page', [], 'en'],
])('%s', (_, preferred, locale) => {
  expect(regionalLocale('en', preferred)).toBe(locale);
});
