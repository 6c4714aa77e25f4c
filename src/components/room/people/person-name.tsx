import { usePersonLabel, type Named } from './person-label';

/** A name on a line of its own. A long one is cut, but never its mark, which distinguishes it from the same name. */
export function PersonName({ person, className = '' }: { person: Named; className?: string }) {
  'use memo';
  const { name, mark } = usePersonLabel()(person);
  return (
    <span className="flex min-w-0 items-baseline gap-1">
      <bdi title={name} className={`min-w-0 truncate font-medium ${person.name === null ? 'italic' : ''} ${className}`}>
        {name}
      </bdi>{' '}
      {mark !== '' && <span className="shrink-0 text-sm text-soft tabular-nums">{mark}</span>}
    </span>
  );
}
