import { handle } from '@upstash/realtime';
import { stockRealtime } from '../stock';

export async function GET(request: Request): Promise<Response> {
  return (await handle({ realtime: await stockRealtime() })(request)) ?? new Response(null, { status: 500 });
}
