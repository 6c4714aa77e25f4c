import { createRealtime, RealtimeProvider } from '@upstash/realtime/client';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

const { useRealtime } = createRealtime();

function Listener({ roomId }: { roomId: string }) {
  const [heard, setHeard] = useState<readonly string[]>([]);
  const { status } = useRealtime({
    channels: [roomId],
    onData: (event) => setHeard((earlier) => [...earlier, JSON.stringify(event)]),
  });
  return (
    <main>
      <p role="status">{status}</p>
      <ol>
        {heard.map((event, index) => (
          <li key={index}>{event}</li>
        ))}
      </ol>
    </main>
  );
}

createRoot(document.body).render(
  <RealtimeProvider api={{ url: '/api/realtime', withCredentials: true }}>
    <Listener roomId={new URLSearchParams(window.location.search).get('room') ?? ''} />
  </RealtimeProvider>,
);
