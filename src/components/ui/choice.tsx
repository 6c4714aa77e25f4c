import { Icon, type Drawn } from './icon';

export interface ChoiceOption<Value extends string> {
  value: Value;
  label: string;
  /** Shown instead of the label, which is then only read out. */
  icon?: Drawn;
  /** Read out instead of a label that is too short to stand alone. */
  spoken?: string;
}

interface ChoiceProps<Value extends string> {
  legend: string;
  legendHidden?: boolean;
  name: string;
  options: readonly ChoiceOption<Value>[];
  value: Value;
  onChoose: (value: Value) => void;
}

/** A choice among a few options, all in sight: a group of radio buttons that looks like one control. */
export function Choice<Value extends string>({
  legend,
  legendHidden = false,
  name,
  options,
  value,
  onChoose,
}: ChoiceProps<Value>) {
  return (
    <fieldset>
      <legend className={legendHidden ? 'sr-only' : 'mb-1.5 text-[0.9375rem] font-medium'}>{legend}</legend>
      <div className="inline-flex flex-wrap gap-1 rounded-2xl bg-sunken p-1">
        {options.map((option) => (
          <label
            key={option.value}
            title={option.icon === undefined ? undefined : option.label}
            className="flex min-h-11 min-w-12 items-center justify-center rounded-xl border border-transparent px-3 text-[0.9375rem] text-soft transition-colors hover:text-ink has-checked:border-edge has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent forced-colors:has-checked:bg-[Highlight] forced-colors:has-checked:text-[HighlightText] forced-colors:has-checked:forced-color-adjust-none"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              aria-label={option.spoken}
              onChange={() => onChoose(option.value)}
              className="sr-only"
            />
            {option.icon !== undefined && <Icon name={option.icon} />}
            <span className={option.icon === undefined ? undefined : 'sr-only'}>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
