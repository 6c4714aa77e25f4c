import { ines, rowan, you } from '../people';
import { notice, quote, says, talk } from '../talk';
import { inside } from './inside';

const people = [you, rowan, ines];
const QUESTION = 'So, Friday at eight. Who brings what?';
const REQUEST = `@${you.name} can you let us in at six?`;

/** A talk with something of everything in it, as it would be among friends. */
export const PARTY = talk(
  notice('joined', rowan),
  notice('joined', ines, { pause: 5 }),
  says(rowan, 'So, Friday at **eight**. Who brings what?', {
    reactions: [{ emoji: '👍', count: 2, mine: true, by: [you, ines] }],
  }),
  says(ines, 'The cake is mine. Lemon?', {
    re: quote(rowan, QUESTION),
    reactions: [
      { emoji: '🍋', count: 2, mine: true, by: [you, rowan] },
      { emoji: '❤️', count: 1, mine: false, by: [rowan] },
    ],
  }),
  says(you, 'Lemon. I’ll get the candles, and nobody tell Kim.', {
    pause: 20,
    reactions: [{ emoji: '🤫', count: 2, mine: false, by: [rowan, ines] }],
  }),
  says(rowan, REQUEST, {
    forYou: 'mention',
    mentions: [{ memberId: you.memberId, name: you.name ?? '', self: true }],
  }),
  says(you, 'Six it is. The key is under the cake tin.', { re: quote(rowan, REQUEST) }),
);

export const party = {
  'of everything': inside({ people, entries: PARTY, seen: { 6: [rowan, ines] }, typing: [ines] }),
};
