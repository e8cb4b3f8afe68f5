/**
 * What a replica has promised: to whom, under which epoch, until when. An epoch is promised to one holder only, and
 * no other holder gets a lease before the former one has run out by this replica's monotonic clock.
 */
export interface Promised {
  readonly epoch: number;
  readonly holder: string;
  /** By this replica's monotonic clock, in milliseconds. */
  readonly untilMs: number;
}

export const NOTHING_PROMISED: Promised = { epoch: 0, holder: "", untilMs: 0 };

/** The promise after a request for a lease, or `undefined` when it must be refused. */
export function grant(
  promised: Promised,
  request: { readonly epoch: number; readonly holder: string; readonly durationMs: number },
  nowMs: number,
): Promised | undefined {
  const { epoch, holder, durationMs } = request;
  if (epoch < promised.epoch) return undefined;
  if (epoch === promised.epoch && holder !== promised.holder) return undefined;
  if (holder !== promised.holder && nowMs < promised.untilMs) return undefined;
  // What was promised before, for longer, still holds.
  const before = holder === promised.holder ? promised.untilMs : nowMs;
  return { epoch, holder, untilMs: Math.max(before, nowMs + durationMs) };
}
