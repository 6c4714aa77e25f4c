import { notFound } from 'next/navigation';
import { roomIdSchema } from '@/domain/room';

/**
 * A link that cannot lead to a room gets 404. The page below has a loading state, and with that state the status has been
 * sent too, so the shape is checked up here.
 */
export default async function RoomLayout({ params, children }: LayoutProps<'/room/[roomId]'>) {
  if (!roomIdSchema.safeParse((await params).roomId).success) notFound();
  return children;
}
