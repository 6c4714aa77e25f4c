import type { Ask, AskState, TalkOffer } from '@/session/private-talk/private-talk';
import type { Person } from '@/session/people/roster';
import { ines, layla, ownerRowan, rowan, you, youAsGuest } from '../people';
import type { Screen } from '../state';
import { talk } from '../talk';
import { inside } from './inside';
import { openPeople } from './opened';
import { TALK } from './talks';

const entries = talk(...TALK);
const people = [you, rowan, ines, layla];
const PATH = `/room/Gallery9Private7Talk5a#${'Xk3v9Q'.repeat(7)}A`;

const ask = (state: AskState, more: Partial<Ask> = {}): Ask => ({
  to: rowan.memberId,
  state,
  path: state === 'waiting' || state === 'opened' ? PATH : null,
  failure: null,
  ...more,
});
const offer = ({ memberId }: Person): TalkOffer => ({ id: memberId, from: memberId, path: PATH });
const asked = (one: Ask) => inside({ people, entries, asks: [one] });
const longest = { ...rowan, name: 'Rowan of the very long name that somebody chose to see whether it fits here' };

export const privateTalks = {
  'details of a person': inside(
    { people: [ownerRowan, youAsGuest, ines], entries },
    {
      act: async (hands) => {
        await openPeople(hands, 3, 3);
        await hands.pressIn('ul', 'Rowan');
        await hands.see(hands.t('privateTalk.ask'));
      },
    },
  ),
  'details in a plain room': inside(
    { people: [you, rowan, ines], entries, room: { sealed: false } },
    {
      act: async (hands) => {
        await openPeople(hands, 3, 3);
        await hands.pressIn('ul', 'Rowan');
        await hands.see(hands.t('privateTalk.ask'));
      },
    },
  ),
  waiting: asked(ask('waiting')),
  'waiting, in a plain room': inside({ people, entries, room: { sealed: false }, asks: [ask('waiting')] }),
  'waiting for a key': asked(ask('waiting', { path: null })),
  'on the way': asked(ask('opened')),
  declined: asked(ask('declined')),
  away: asked(ask('away')),
  'no answer': asked(ask('no-answer')),
  left: asked(ask('left', { to: ines.memberId })),
  unverified: asked(ask('unverified')),
  failed: asked(ask('failed', { failure: { reason: 'rate_limited', retryAfterSeconds: 30 } })),
  offered: inside({ people, entries, offers: [offer(rowan)] }),
  'offered in a plain room': inside({ people, entries, room: { sealed: false }, offers: [offer(rowan)] }),
  'offered by somebody with a long name': inside({ people: [you, longest], entries, offers: [offer(longest)] }),
  'offered right to left': inside({ people, entries, offers: [offer(layla)] }),
  several: inside({
    people,
    entries,
    offers: [offer(rowan), offer(layla)],
    asks: [ask('waiting', { to: ines.memberId })],
  }),
} satisfies Screen;
