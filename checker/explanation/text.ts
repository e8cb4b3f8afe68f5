/** What an explanation says, apart from who and where. */
export interface Text {
  readonly class: string;
  readonly summary: string;
  /** Fact by fact, ending in the contradiction. */
  readonly argument: readonly string[];
  /** What would have been valid. */
  readonly remedy: string;
}
