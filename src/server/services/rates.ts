import 'server-only';
import type { Rate } from '@/domain/limits';
import type { ServerContext } from './context';

/** A rate as the storage takes it: null where rates are lifted. */
export const rateIn = ({ rateLimits }: Pick<ServerContext, 'rateLimits'>, rate: Rate): Rate | null =>
  rateLimits ? rate : null;
