import { useLocale } from 'next-intl';
import { initialsOf } from '@/lib/initials';
import { usePersonLabel, type Named } from './person-label';

const SIZES = { tiny: 'size-4.5 text-[0.5rem]', small: 'size-8 text-xs', normal: 'size-9 text-sm' };

interface AvatarProps {
  person: Named;
  /** Away is an outline; where it is not said, no presence is shown. */
  here?: boolean;
  size?: keyof typeof SIZES;
}

/**
 * Initials on the person's colour, which an element around it sets by `data-tint`; behind those of a second person with the same
 * name stands their mark. All of it is said in words beside it, so it is hidden from assistive technology.
 */
export function Avatar({ person, here, size = 'normal' }: AvatarProps) {
  'use memo';
  const locale = useLocale();
  const { name } = usePersonLabel()(person);
  const colours = here === false ? 'text-(--tint)' : 'bg-(--tint) text-on-accent';
  return (
    <span aria-hidden="true" className="relative inline-block shrink-0 select-none">
      <span
        dir="auto"
        className={`flex items-center justify-center overflow-hidden rounded-full border border-(--tint) leading-none font-semibold whitespace-nowrap forced-colors:border-[CanvasText] ${SIZES[size]} ${colours}`}
      >
        {initialsOf(name, locale)}
        {person.mark !== undefined && size !== 'tiny' && (
          <sub className="ms-px self-center pt-2 text-[0.625rem]">{person.mark}</sub>
        )}
      </span>
      {here === true && (
        <span className="absolute -end-0.5 -bottom-0.5 size-3 rounded-full border-2 border-surface bg-accent forced-colors:bg-[Highlight]" />
      )}
    </span>
  );
}
