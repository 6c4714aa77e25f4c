'use client';

import type { ReactNode } from 'react';
import { Icon, type Drawn, type IconName } from '@/components/ui/icon';

interface TalkToastProps {
  icon: IconName | Drawn;
  /** Read out as soon as it is there, and whenever it changes. */
  sentence: string;
  /** Beside it, and not read out at once. */
  hint?: string | null;
  /** Its buttons and links. */
  children: ReactNode;
}

/** A remark with something to do about it. */
export function TalkToast({ icon, sentence, hint = null, children }: TalkToastProps) {
  return (
    <li className="flex animate-appear flex-wrap items-center gap-x-4 gap-y-2 rounded-2xl border border-line bg-surface py-3 ps-4 pe-3 text-[0.9375rem] shadow-float">
      <div className="flex min-w-0 flex-1 basis-56 gap-3">
        <Icon name={icon} className="mt-0.5 size-5 text-accent" />
        <div className="min-w-0 flex-1">
          <p role="alert" className="font-medium wrap-anywhere">
            {sentence}
          </p>
          {hint !== null && <p className="text-sm text-soft">{hint}</p>}
        </div>
      </div>
      <div className="ms-auto flex flex-wrap items-center justify-end gap-2">{children}</div>
    </li>
  );
}
