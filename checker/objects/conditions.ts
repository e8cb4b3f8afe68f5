/**
 * When each procedure decides, in words: for documents, and for whoever wonders why another one was taken. Whatever
 * does not meet a condition is `inapplicable`; a verdict under it is exact.
 */
export interface Condition {
  /** As in the route of a decision. */
  readonly route: string;
  /** The kinds of operation it knows. */
  readonly kinds: readonly string[];
  /** What must hold of the history. */
  readonly exact: string;
  /** What it cannot decide although that holds. */
  readonly undecided: string;
  /** For n operations. */
  readonly cost: string;
  readonly source: string;
}

const NOTHING = "nothing";
const LOST_TAKE =
  "removals of unknown outcome, where there is no order without them, nor with the guess what they took";

export const CONDITIONS: readonly Condition[] = [
  {
    route: "chains",
    kinds: ["read", "write", "cas", "swap"],
    exact: "no value is written twice, nor the initial one at all",
    undecided:
      "a compare-and-set that failed, where the order found for the rest has no place for it",
    cost: "O(n), two sorts more where some failed",
    source: "Gibbons and Korach, SIAM J. Comput. 1997; Golab, Li and Shah, PODC 2011",
  },
  {
    route: "counter",
    kinds: ["add", "increment", "read"],
    exact: "only 1 is added, and an addition does not answer the sum",
    undecided: NOTHING,
    cost: "O(n log n)",
    source: "Jackson's rule for unit jobs with deadlines",
  },
  {
    route: "fetch-and-add",
    kinds: ["fetch-and-add"],
    exact: "only 1 is added",
    undecided: NOTHING,
    cost: "O(n), two sorts",
    source: "the answers are the order",
  },
  {
    route: "grow-set",
    kinds: ["add", "read"],
    exact: "no element is added twice, and no answer lists one twice",
    undecided: NOTHING,
    cost: "O(n + all that was read)",
    source: "the answers are a chain of inclusions",
  },
  {
    route: "lock",
    kinds: ["acquire", "release"],
    exact:
      "a process does one thing at a time, and releases only what it holds where locks have no owner",
    undecided:
      "an acquire that was refused, where the order found for the rest has no place for it",
    cost: "O(n), one sort",
    source: "acquires as late, releases as early as can be",
  },
  {
    route: "log",
    kinds: ["append", "read"],
    exact: "no value is appended twice, and none is null",
    undecided: NOTHING,
    cost: "O(n), two sorts",
    source: "offsets are the order",
  },
  {
    route: "priority-queue",
    kinds: ["insert", "poll"],
    exact: "only numbers are inserted, none twice",
    undecided: LOST_TAKE,
    cost: "O(n log n)",
    source: "Lee and Mathur, arXiv 2410.04581",
  },
  {
    route: "queue",
    kinds: ["enqueue", "dequeue"],
    exact: "no value is enqueued twice, and none is null",
    undecided:
      "a dequeue of unknown outcome together with an empty answer, where no order is found without it",
    cost: "O(n log n)",
    source: "Henzinger, Sezgin and Vafeiadis, CONCUR 2013; Bouajjani et al., ICALP 2015",
  },
  {
    route: "set-element",
    kinds: ["add", "remove", "contains"],
    exact: "every answer is true or false",
    undecided: "an element that changes more often than a search of it alone can follow",
    cost: "O(n), two sorts; a search of those elements that change often, one within the other",
    source: "Gibbons and Korach, SIAM J. Comput. 1997, for two values",
  },
  {
    route: "stack",
    kinds: ["push", "pop"],
    exact: "no value is pushed twice, and none is null",
    undecided: LOST_TAKE,
    cost: "O(n log n)",
    source: "Abdulla et al., PLDI 2025, arXiv 2509.17795; Lee and Mathur, arXiv 2410.04581",
  },
];
