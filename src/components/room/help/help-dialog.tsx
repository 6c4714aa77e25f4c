'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from '@/components/ui/dialog';

interface HelpDialogProps {
  open: boolean;
  onClose: () => void;
}

const KEYS = ['enter', 'shift', 'escape', 'up', 'down', 'tab', 'delete'] as const;
type Key = (typeof KEYS)[number];

/** Keys to press together, and words to type as they stand here. */
type Press = readonly (Key | Uppercase<string> | `/${string}`)[];

const WRITING = [
  ['send', ['enter']],
  ['newLine', ['shift', 'enter']],
  ['editLast', ['up']],
  ['letGo', ['escape']],
  ['mention', ['@']],
  ['clear', ['/clear']],
] as const satisfies readonly (readonly [string, Press])[];

const READING = [
  ['move', ['up', 'down']],
  ['parts', ['tab']],
  ['search', ['/']],
  ['help', ['?', '/help']],
] as const satisfies readonly (readonly [string, Press])[];

const AT_A_MESSAGE = [
  ['menu', ['enter']],
  ['reply', ['R']],
  ['react', ['A']],
  ['edit', ['E']],
  ['takeBack', ['delete']],
] as const satisfies readonly (readonly [string, Press])[];

/** All that can be done by keys. */
export function HelpDialog({ open, onClose }: HelpDialogProps) {
  const t = useTranslations('help');
  return (
    <Dialog open={open} onClose={onClose} title={t('heading')} closeLabel={t('close')} placement="sheet">
      <Rows heading={t('writing')} rows={WRITING} />
      <Rows heading={t('reading')} rows={READING} />
      <Rows heading={t('message')} rows={AT_A_MESSAGE} />
      <p className="mt-4 text-sm text-soft">{t('typing')}</p>
    </Dialog>
  );
}

interface RowsProps {
  heading: string;
  rows: typeof WRITING | typeof READING | typeof AT_A_MESSAGE;
}

function Rows({ heading, rows }: RowsProps) {
  const t = useTranslations('help');
  return (
    <>
      <h3 className="mt-4 text-sm font-medium text-soft">{heading}</h3>
      <dl className="mt-1 divide-y divide-line">
        {rows.map(([what, press]) => (
          <div key={what} className="flex min-h-9.5 items-center justify-between gap-4 py-1">
            <dt className="min-w-0 text-[0.9375rem] wrap-anywhere">{t(what)}</dt>
            <dd className="flex shrink-0 gap-1">
              {press.map((key) => (
                <kbd
                  key={key}
                  className="min-w-8 rounded-lg border border-edge bg-sunken px-2 py-0.5 text-center font-sans text-sm"
                >
                  {isNamed(key) ? t(`keys.${key}`) : key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const isNamed = (key: Press[number]): key is Key => KEYS.some((named) => named === key);
