import type { Hands } from '../hands';
import { ines, layla, rowan, you } from '../people';
import type { Screen } from '../state';
import { says, talk } from '../talk';
import { inside } from './inside';
import { PARTY } from './party';
import { TALK } from './talks';

const ofThree = { people: [you, rowan, ines], entries: talk(...TALK) };

async function search({ t, press, pressIn, fill, see }: Hands, query: string, seen: string) {
  await press(t('room.menu'));
  await pressIn('[popover]', t('room.search'));
  if (query !== '') await fill(t('search.label'), query);
  await see(seen);
}

export const searches = {
  open: inside(ofThree, { act: (hands) => search(hands, '', hands.t('search.private')) }),
  results: inside(
    { ...ofThree, entries: PARTY },
    { act: (hands) => search(hands, 'cake', hands.t('search.found', { count: 2 })) },
  ),
  'nothing found': inside(ofThree, { act: (hands) => search(hands, 'xyzzy', hands.t('search.found', { count: 0 })) }),
  'many results': inside(
    {
      ...ofThree,
      entries: talk(...Array.from({ length: 130 }, (_, index) => says(index % 2 ? rowan : you, `straw ${index}`))),
    },
    { act: (hands) => search(hands, 'straw', hands.t('search.foundCut', { count: 130, max: 100 })) },
  ),
  'in earlier messages': inside(
    { ...ofThree, transcript: { older: 'loading' } },
    { act: (hands) => search(hands, 'numbers', hands.t('search.stop')) },
  ),
  stopped: inside(
    { ...ofThree, transcript: { older: 'loading' } },
    {
      act: async (hands) => {
        await search(hands, 'numbers', hands.t('search.stop'));
        await hands.press(hands.t('search.stop'));
        await hands.see(hands.t('search.goOn'));
      },
    },
  ),
  'right to left': inside(
    { people: [you, layla, rowan], entries: talk(says(layla, 'مرحبا! هل تسمعونني؟'), says(you, 'مرحبا **Layla**')) },
    { act: (hands) => search(hands, 'مرحبا', hands.t('search.found', { count: 2 })) },
  ),
} satisfies Screen;
