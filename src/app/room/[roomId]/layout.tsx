import { notFound } from 'next/navigation';
import { roomIdSchema } from '@/domain/room';

/** A link that cannot lead to a room gets 404. */
export default async function RoomLayout({ params, children }: LayoutProps<'/room/[roomId]'>) {
  if (!roomIdSchema.safeParse((await params).roomId).success) notFound();
  return children;
}
