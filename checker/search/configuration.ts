/**
 * Where a search can be: about to pass a response, in a state, with some of the open operations
 * done (by slot, two words), some that may vanish, and some that never returned used up.
 */
export interface Configuration {
  /** The response that comes next. */
  readonly layer: number;
  readonly state: number;
  readonly low: number;
  readonly high: number;
  readonly hideLow: number;
  readonly hideHigh: number;
  readonly set: number;
}

/** Where every search begins. */
export function beginning(state: number): Configuration {
  return { layer: 0, state, low: 0, high: 0, hideLow: 0, hideHigh: 0, set: 0 };
}
