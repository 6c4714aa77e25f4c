import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';

interface CalloutProps {
  tone?: 'plain' | 'danger';
  icon?: IconName;
  title?: string;
  /** `alert` interrupts a screen reader, `status` waits for its turn. */
  role?: 'alert' | 'status';
  /** A control at the end, such as one that dismisses. */
  action?: ReactNode;
  children: ReactNode;
}

/** A framed remark. */
export function Callout({ tone = 'plain', icon, title, role, action, children }: CalloutProps) {
  const colours = tone === 'danger' ? 'bg-danger-soft text-danger' : 'bg-accent-soft text-accent';
  return (
    <div role={role} className={`flex gap-3 rounded-2xl px-4 py-3 text-[0.9375rem] forced-colors:border ${colours}`}>
      {icon !== undefined && <Icon name={icon} className="mt-0.5 size-5" />}
      <div className="min-w-0 flex-1 text-ink">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action !== undefined && <div className="-my-1 -me-2 self-start">{action}</div>}
    </div>
  );
}
