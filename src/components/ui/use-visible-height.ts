import { useEffect } from 'react';

/**
 * Keeps `--visible-height` at the height that an on-screen keyboard leaves. iOS lays its keyboard over the page without
 * changing `dvh`, and scrolls the page away under it.
 */
export function useVisibleHeight(): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (viewport === null) return;
    const root = document.documentElement;
    function follow(this: VisualViewport) {
      // Somebody who zooms in sees less, but wants the layout to stay.
      if (this.scale > 1.01) return;
      root.style.setProperty('--visible-height', `${Math.round(this.height)}px`);
      if (this.offsetTop > 0) window.scrollTo(0, 0);
    }
    follow.call(viewport);
    viewport.addEventListener('resize', follow);
    viewport.addEventListener('scroll', follow);
    return () => {
      viewport.removeEventListener('resize', follow);
      viewport.removeEventListener('scroll', follow);
      root.style.removeProperty('--visible-height');
    };
  }, []);
}
