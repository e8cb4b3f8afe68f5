/**
 * What a decision procedure says of one part of a history. Each answer carries what another piece of code needs to
 * check it: an order that is legal, or a few operations that have none.
 */
export type Decision = Valid | Invalid | Undecided | Inapplicable;

export interface Valid {
  readonly verdict: "valid";
  /** Which procedure decided. */
  readonly route: string;
  /** Rows in a legal order: every acknowledged operation once, and those of unknown outcome that took effect. */
  readonly order: Int32Array;
}

export interface Invalid {
  readonly verdict: "invalid";
  readonly route: string;
  /** The finer class: `stale read`, `lost update`, `duplicate`, ... */
  readonly class: string;
  /** Rows that have no legal order by themselves, whatever else happened: as few as the procedure can name. */
  readonly certificate: readonly number[];
}

export interface Undecided {
  readonly verdict: "unknown";
  readonly route: string;
  readonly reason: string;
  /** Rows of the smallest stretch that could not be decided, where one is known. */
  readonly window?: readonly number[];
}

/** The procedure is exact only under a condition that this part does not meet: another one must decide. */
export interface Inapplicable {
  readonly verdict: "inapplicable";
  readonly route: string;
  readonly reason: string;
}
