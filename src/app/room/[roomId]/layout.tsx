import { notFound } from 'next/navigation';
import { roomIdSchema } from '@/domain/room';

/**
 * A link that cannot be one of a room is told so with 404. The page below has a loading state, and once that has been
 * sent the status is too: so the shape is checked up here.
 */
export default async function RoomLayout({ params, children }: LayoutProps<'/room/[roomId]'>) {
  if (!roomIdSchema.safeParse((await params).roomId).success) notFound();
  return children;
}
