import { useFormatter, useTranslations } from 'next-intl';
import { Chips } from './chips';
import { FIRST_CHOICE, KINDS, MORE } from './room-choice';

const LIFETIMES_MINUTES = [1, 5, 10, 30, 60];
/** A secret, a family, a party, a class. */
const PEOPLE = [2, 5, 10, 50];

/**
 * The kind of room, how long it is to last, and how many people it takes. The server draws them, and the browser needs no script for them:
 * the form is read when it is sent. `hasPublic`: this site lists public rooms.
 */
export function RoomChips({ hasPublic }: { hasPublic: boolean }) {
  const t = useTranslations('front');
  const format = useFormatter();
  const counts = PEOPLE.map((people) => ({
    value: String(people),
    label: format.number(people),
    spoken: t('peopleCount', { people }),
  }));
  return (
    <>
      <Chips
        legend={t('kind')}
        name="kind"
        chips={KINDS.filter((kind) => hasPublic || kind !== 'public').map((kind) => ({
          value: kind,
          label: t(`kind-${kind}`),
        }))}
        chosen={FIRST_CHOICE.kind}
      />
      <Chips
        legend={t('lifetime')}
        name="minutes"
        chips={LIFETIMES_MINUTES.map((minutes) => ({
          value: String(minutes),
          label: t('minutesShort', { minutes }),
          spoken: t('minutes', { minutes }),
        }))}
        chosen={FIRST_CHOICE.minutes}
      />
      {/* By the style sheet, so it works before the page has woken up. */}
      <div className="contents group-has-[[value=pair]:checked]:hidden">
        <Chips
          legend={t('people')}
          name="people"
          chips={[...counts, { value: MORE, label: t('more') }]}
          chosen={FIRST_CHOICE.people}
        />
      </div>
    </>
  );
}
