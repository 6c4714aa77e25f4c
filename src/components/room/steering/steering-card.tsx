'use client';

import { useRef, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import type { IconName } from '@/components/ui/icon';

interface SteeringAnswer {
  label: string;
  isPrimary?: boolean;
  busy?: boolean;
  onAnswer: () => void;
}

interface SteeringCardProps {
  icon: IconName;
  title: string;
  children: ReactNode;
  answers: readonly SteeringAnswer[];
  /** An answer takes its button away: the focus goes on from there. */
  onDone: () => void;
}

/** Something to decide together, calmly above the composer. */
export function SteeringCard({ icon, title, children, answers, onDone }: SteeringCardProps) {
  const card = useRef<HTMLDivElement>(null);
  return (
    <div ref={card} className="mx-auto w-full max-w-3xl px-4 pt-2">
      <Callout icon={icon} title={title}>
        {children}
        {answers.length > 0 && (
          <div className="mt-2 flex flex-wrap gap-2">
            {answers.map(({ label, isPrimary = false, busy = false, onAnswer }) => (
              <Button
                key={label}
                tone={isPrimary ? 'primary' : 'secondary'}
                busy={busy}
                // Somebody who is writing goes on writing.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => {
                  onAnswer();
                  if (card.current?.contains(document.activeElement) === true) onDone();
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        )}
      </Callout>
    </div>
  );
}
