import type { NameWords } from '@/domain/names';
import { names } from '@/i18n/words/en.json';

export const NAME_WORDS: NameWords = { adjectives: names.adjectives.split(' '), animals: names.animals.split(' ') };
