import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';

interface QuestionProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What the answer means. */
  body: string;
  /** Above the answers. */
  note?: ReactNode;
  /** The buttons, of which one should have the focus first. */
  children: ReactNode;
}

/** Asks before something is done that cannot be undone. */
export function Question({ open, onClose, title, body, note, children }: QuestionProps) {
  const t = useTranslations('room');
  return (
    <Dialog open={open} onClose={onClose} title={title} closeLabel={t('close')}>
      <p className="text-soft">{body}</p>
      {note !== undefined && <div className="-mx-4">{note}</div>}
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">{children}</div>
    </Dialog>
  );
}
