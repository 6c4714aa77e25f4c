import { useFormatter, useTranslations } from 'next-intl';
import { TextField } from '@/components/ui/text-field';
import { ROOM_MEMBERS_MAX, ROOM_MEMBERS_MIN } from '@/domain/room-limits';
import { FIRST_CHOICE, MORE, peopleOf, type RoomChoice } from './room-choice';

/** A number of people that has no chip. The style sheet shows it, so it works before the page has woken up. */
export function OtherPeople({ choice }: { choice: RoomChoice }) {
  const t = useTranslations('front');
  const format = useFormatter();
  const bounds = { min: format.number(ROOM_MEMBERS_MIN), max: format.number(ROOM_MEMBERS_MAX) };
  return (
    <div className="contents group-has-[[value=pair]:checked]:hidden">
      <TextField
        label={t('peopleOther')}
        hint={t('peopleHint', bounds)}
        fault={choice.people === MORE && peopleOf(choice) === null ? t('peopleFault', bounds) : null}
        name="typed"
        type="number"
        inputMode="numeric"
        min={ROOM_MEMBERS_MIN}
        max={ROOM_MEMBERS_MAX}
        defaultValue={FIRST_CHOICE.typed}
        className="hidden w-full max-w-56 group-has-[[value=more]:checked]:block"
      />
    </div>
  );
}
