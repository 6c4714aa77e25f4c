import { describe, expect, it } from 'vitest';
import { bareLanguage, languageName, languagesToChoose } from '@/lib/languages';

describe('languages', () => {
  it.each([
    ['pt-BR', 'pt'],
    ['en', 'en'],
    ['zh-Hant-TW', 'zh'],
    ['', null],
    ['not a tag', null],
  ])('%j is %j without its country', (tag, bare) => {
    expect(bareLanguage(tag)).toBe(bare);
  });

  it.each([
    ['de', 'en', 'German'],
    ['de', 'fr', 'allemand'],
    ['pt-BR', 'en', 'Brazilian Portuguese'],
    ['not a tag', 'en', 'not a tag'],
  ])('%j is called in %j %j', (tag, locale, name) => {
    expect(languageName(tag, locale)).toBe(name);
  });

  it('are offered by name, each once, with those that somebody uses', () => {
    const offered = languagesToChoose('en', ['de', 'gsw']);
    const names = offered.map(({ name }) => name);
    expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en')));
    expect(offered.filter(({ tag }) => tag === 'de')).toHaveLength(1);
    expect(names).toContain('Swiss German');
  });

  it('all have a name', () => {
    expect(languagesToChoose('en', []).filter(({ tag, name }) => tag === name)).toEqual([]);
  });
});
