import { useEffect, useEffectEvent, useState } from 'react';
import { hasFiles } from './incoming-files';

/**
 * Takes files that are dropped anywhere on the page, while `mayTake` says so. Returns whether some are over it. A file that nobody takes
 * does nothing, where a browser would leave the room to show it.
 */
export function useDrop(mayTake: () => boolean, onDrop: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const take = useEffectEvent((event: DragEvent) => {
    if (!hasFiles(event.dataTransfer) || event.dataTransfer === null) return;
    event.preventDefault();
    const isTaken = mayTake();
    if (event.type === 'drop') {
      setIsOver(false);
      if (isTaken) onDrop(Array.from(event.dataTransfer.files));
      return;
    }
    event.dataTransfer.dropEffect = isTaken ? 'copy' : 'none';
    setIsOver(isTaken);
  });
  useEffect(() => {
    const leave = new AbortController();
    const { signal } = leave;
    for (const kind of ['dragenter', 'dragover', 'drop'] as const)
      window.addEventListener(kind, (event) => take(event), { signal });
    // Between two elements of the page there is one that it goes to.
    window.addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        if (relatedTarget === null) setIsOver(false);
      },
      { signal },
    );
    return () => leave.abort();
  }, []);
  return isOver;
}
