import { roomIdSchema } from '@/domain/room';
import { NOW } from '../moment';
import { ines, ownerRowan, person, rowan, you, youAsGuest } from '../people';
import type { Screen } from '../state';
import { says, talk, type Line } from '../talk';
import type { Hands } from '../hands';
import { inside } from './inside';
import { TALK } from './talks';

const SECONDS_LEFT = 96;
const ending = { room: { expiresAt: NOW + SECONDS_LEFT * 1_000 } };
const ofOwner = { ...ending, people: [you, rowan, ines], entries: talk(...TALK) };
const ofGuest = { ...ending, people: [ownerRowan, youAsGuest, ines], entries: talk(...TALK) };

const offer = { roomId: roomIdSchema.parse('Gallery9Room7State5xyz'), secret: `${'Xk3v9Q'.repeat(7)}A` };
const link = `https://mayfly.example/room/${offer.roomId}#${offer.secret}`;
const offers = (who: typeof you): Line => says(who, link, { offer });

async function save({ t, press, see }: Hands) {
  await press(t('lastWords.save'));
  await see(t('lastWords.saveBody'));
}

export const lastWords = {
  'as the owner': inside(ofOwner, { act: ({ t, see }) => see(t('lastWords.goOn')) }),
  'as a guest': inside(ofGuest, { act: ({ t, see }) => see(t('lastWords.save')) }),
  'save?': inside(ofGuest, { act: save }),
  'save, earlier messages on their way': inside({ ...ofGuest, transcript: { older: 'loading' } }, { act: save }),
  'save a part?': inside(
    { ...ofGuest, transcript: { older: 'loading' } },
    {
      act: async (hands) => {
        await save(hands);
        await hands.press(hands.t('lastWords.stop'));
        await hands.see(hands.t('lastWords.savePart'));
      },
    },
  ),
  'a new room, as the owner': inside(
    { ...ofOwner, entries: talk(...TALK, offers(you)) },
    { act: ({ t, see }) => see(t('lastWords.offerSelf')) },
  ),
  'a new room, as a guest': inside(
    { ...ofGuest, entries: talk(...TALK, offers(ownerRowan)) },
    { act: ({ t, see }) => see(t('lastWords.go')) },
  ),
  'a room that a guest offers': inside({
    ...ofGuest,
    entries: talk(...TALK, offers(ines), offers(person('Kim', { tint: 3 }))),
  }),
} satisfies Screen;
