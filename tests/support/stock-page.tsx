import { createRealtime, RealtimeProvider } from '@upstash/realtime/client';
import type { ReactElement } from 'react';
import type { roomEvents } from '@/domain/events';

const { useRealtime } = createRealtime<typeof roomEvents>();

export interface StockPageProps {
  roomId: string;
  /** The address of the event stream. */
  url: string;
  onEvent: (event: { event: string; data: unknown }) => void;
}

function Room({ roomId, onEvent }: StockPageProps): ReactElement {
  const { status } = useRealtime({
    channels: [roomId],
    events: ['chat.message', 'chat.destroy', 'member.joined'],
    onData: ({ event, data }) => onEvent({ event, data }),
  });
  return <p>{status}</p>;
}

/** A room by the unmodified provider and hook of Upstash Realtime. It shows its status. */
export function StockPage(props: StockPageProps): ReactElement {
  return (
    <RealtimeProvider api={{ url: props.url }} maxReconnectAttempts={100}>
      <Room {...props} />
    </RealtimeProvider>
  );
}
