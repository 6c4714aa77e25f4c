import 'server-only';
import { REPORTED_ROOMS_MAX } from '@/domain/limits';
import type { ReportedRoom } from '@/domain/lobby';
import type { RoomId } from '@/domain/room';
import { endReported, readReports as readStored } from '@/server/storage/reports';
import type { ServerContext } from './context';
import { giveBackHoldings } from './listing';

/** The reported rooms that are alive, for the operator. */
export async function readReports({ storage }: ServerContext): Promise<ReportedRoom[]> {
  return readStored(storage.redis, REPORTED_ROOMS_MAX);
}

/** Ends a reported room for everybody, for the operator. */
export async function endReportedRoom(context: ServerContext, roomId: RoomId): Promise<void> {
  await giveBackHoldings(context, roomId, await endReported(context.storage.redis, roomId));
}
