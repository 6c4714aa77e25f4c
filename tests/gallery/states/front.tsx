import { FrontScreen } from '@/components/lobby/front-screen';
import { RETURN_REASONS } from '@/components/lobby/return-reason';
import type { GalleryState, Screen } from '../state';

const plain: GalleryState = { render: () => <FrontScreen reason={null} theme="system" /> };

const reasons: Screen = Object.fromEntries(
  RETURN_REASONS.map((reason) => [
    `reason ${reason}`,
    { render: () => <FrontScreen reason={reason} theme="system" /> } satisfies GalleryState,
  ]),
);

export const front: Screen = {
  plain,
  'any number': { ...plain, act: ({ t, press }) => press(t('front.more')) },
  fault: {
    ...plain,
    act: async ({ t, press, fill, see }) => {
      await press(t('front.more'));
      await fill(t('front.peopleOther'), '0');
      await see(t('front.peopleFault', { min: '2', max: '1,000' }));
    },
  },
  opening: {
    ...plain,
    act: async ({ t, press, see }) => {
      await press(t('front.make'));
      await see(t('front.making'));
    },
  },
  failure: {
    ...plain,
    answer: { reason: 'rate_limited', retryAfterSeconds: 40 },
    act: async ({ t, press, see }) => {
      await press(t('front.make'));
      await see(t('failure.rate_limited', { seconds: 40 }));
    },
  },
  ...reasons,
};
