/** The shape of a room before anything about it is known. */
export function RoomSkeleton({ label }: { label: string }) {
  return (
    <main className="flex h-visible flex-col">
      <h1 className="sr-only">{label}</h1>
      <div aria-hidden="true" className="flex min-h-0 flex-1 animate-pulse flex-col motion-reduce:animate-none">
        <HeaderSkeleton />
        <TranscriptSkeleton />
      </div>
    </main>
  );
}

export function HeaderSkeleton() {
  return (
    <div aria-hidden="true" className="mx-auto flex h-18 w-full max-w-3xl items-center justify-between px-4">
      <div className="h-8 w-24 rounded-lg bg-sunken" />
      <div className="h-8 w-36 rounded-lg bg-sunken" />
    </div>
  );
}

export function TranscriptSkeleton() {
  return (
    <div aria-hidden="true" className="mx-auto w-full max-w-3xl flex-1 space-y-4 overflow-hidden p-4">
      <div className="h-11 w-48 rounded-2xl bg-sunken" />
      <div className="h-16 w-64 rounded-2xl bg-sunken" />
      <div className="ms-auto h-11 w-40 rounded-2xl bg-accent-soft" />
      <div className="h-11 w-56 rounded-2xl bg-sunken" />
    </div>
  );
}
