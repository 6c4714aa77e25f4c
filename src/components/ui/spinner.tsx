/** Shows that work is going on; the words beside it say which. */
export function Spinner({ className = 'size-4' }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`inline-block shrink-0 animate-spin rounded-full border-2 border-current border-e-transparent motion-reduce:animate-none forced-colors:border-e-[Canvas] ${className}`}
    />
  );
}
