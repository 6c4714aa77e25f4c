/** The mark and the name: two wings, a bent body and its three tails. */
export function Wordmark({ name }: { name: string }) {
  return (
    <span className="inline-flex items-center gap-2 text-lg font-semibold tracking-tight">
      <svg
        aria-hidden="true"
        viewBox="0 0 32 32"
        className="size-7 text-accent"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M14 17.5C9.2 14 7 9.3 8.4 4.5c4.3 1.5 6.5 6.7 5.6 13Z" fill="currentColor" />
        <path d="M16 17c-.9-4.7.9-9.7 5.6-11.6.9 4.7-1.4 9.3-5.6 11.6Z" />
        <path d="M11 21.5c2.5-3 6-3.5 9-1.5 3.3 2.2 4.7 5 4.7 8M20 20c3.2.9 5.9 3 7.5 6" />
      </svg>
      {name}
    </span>
  );
}
