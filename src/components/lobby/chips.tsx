export interface Chip {
  value: string;
  label: string;
  /** Read out instead of a label that is too short to stand alone. */
  spoken?: string;
}

interface ChipsProps {
  legend: string;
  name: string;
  chips: readonly Chip[];
  /** Chosen at first; from then on the browser knows. */
  chosen: string;
}

/** A choice among a few, all in sight: radio buttons that work before the page has woken up, as the form is read when it is sent. */
export function Chips({ legend, name, chips, chosen }: ChipsProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[0.9375rem] font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-1 sm:gap-1.5">
        {chips.map(({ value, label, spoken }) => (
          <label
            key={value}
            className="flex min-h-11 min-w-11 items-center justify-center rounded-full border border-edge bg-surface px-2 text-sm whitespace-nowrap text-ink tabular-nums transition-colors sm:min-w-12 sm:px-3 sm:text-[0.9375rem] short:px-2.5 short:text-sm hover:bg-sunken has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent forced-colors:has-checked:bg-[Highlight] forced-colors:has-checked:text-[HighlightText] forced-colors:has-checked:forced-color-adjust-none"
          >
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === chosen}
              aria-label={spoken}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
