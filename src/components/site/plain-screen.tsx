import type { ReactNode } from 'react';
import { FocusedHeading } from '@/components/ui/focused-heading';
import { Icon, type IconName } from '@/components/ui/icon';

interface PlainScreenProps {
  icon?: IconName;
  heading: string;
  /** Gives the heading the focus, for a screen that replaces another. */
  focused?: boolean;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen with one message, and where to go from here. */
export function PlainScreen({ icon, heading, focused = false, actions, children }: PlainScreenProps) {
  const headingClass = 'text-3xl font-semibold tracking-tight text-balance';
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center px-5 pt-[max(2rem,env(safe-area-inset-top))] pb-[max(2rem,env(safe-area-inset-bottom))]">
      {icon !== undefined && (
        <span className="mb-5 inline-flex size-12 items-center justify-center rounded-2xl bg-accent-soft text-accent">
          <Icon name={icon} className="size-6" />
        </span>
      )}
      {focused ? (
        <FocusedHeading className={headingClass}>{heading}</FocusedHeading>
      ) : (
        <h1 className={headingClass}>{heading}</h1>
      )}
      <div className="mt-3 space-y-3 text-lg leading-relaxed text-pretty text-soft">{children}</div>
      {actions !== undefined && <div className="mt-8 flex flex-wrap gap-3">{actions}</div>}
    </main>
  );
}
