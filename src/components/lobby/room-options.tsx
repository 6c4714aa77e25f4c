import { useFormatter, useTranslations } from 'next-intl';
import { Choice } from '@/components/ui/choice';
import { Icon } from '@/components/ui/icon';
import { TextField } from '@/components/ui/text-field';
import { ROOM_MEMBERS_MAX, ROOM_MEMBERS_MIN } from '@/domain/limits';

const LIFETIMES_MINUTES = [1, 5, 10, 30, 60];

interface RoomOptionsProps {
  minutes: number;
  /** Null when no room can have as many as `seatsText` says. */
  seats: number | null;
  seatsText: string;
  onMinutes: (minutes: number) => void;
  onSeatsText: (text: string) => void;
}

/** How long the room is to last and how many it seats, summed up in one line until somebody opens it. */
export function RoomOptions({ minutes, seats, seatsText, onMinutes, onSeatsText }: RoomOptionsProps) {
  const t = useTranslations('front');
  const format = useFormatter();
  const bounds = { min: format.number(ROOM_MEMBERS_MIN), max: format.number(ROOM_MEMBERS_MAX) };

  return (
    <details
      className="group mt-3"
      // A fault stays in sight: otherwise nobody would see why no room is made.
      onToggle={(event) => {
        if (seats === null) event.currentTarget.open = true;
      }}
    >
      <summary className="-mx-2 inline-flex min-h-11 list-none items-center gap-2 rounded-xl px-2 text-[0.9375rem] text-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <Icon name="chevron" className="size-5 transition-transform group-open:rotate-180" />
        <span>
          {t('options')}
          {seats !== null && <span className="text-soft"> · {t('optionsSummary', { minutes, seats })}</span>}
        </span>
      </summary>
      <div className="mt-2 space-y-5 rounded-2xl border border-line bg-surface p-5">
        <Choice
          legend={t('lifetime')}
          name="lifetime"
          options={LIFETIMES_MINUTES.map((value) => ({
            value: String(value),
            label: format.number(value),
            spoken: t('minutes', { minutes: value }),
          }))}
          value={String(minutes)}
          onChoose={(value) => onMinutes(Number(value))}
        />
        <TextField
          label={t('seats')}
          hint={t('seatsHint', bounds)}
          fault={seats === null ? t('seatsFault', bounds) : null}
          type="number"
          inputMode="numeric"
          min={ROOM_MEMBERS_MIN}
          max={ROOM_MEMBERS_MAX}
          value={seatsText}
          onChange={(event) => onSeatsText(event.target.value)}
          className="max-w-48"
        />
      </div>
    </details>
  );
}
