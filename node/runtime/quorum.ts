/** Waiting for enough of several answers. */

/** Too few answers came: what was asked may or may not have happened. */
export class NoQuorumError extends Error {
  override readonly name = "NoQuorumError";
}

/**
 * Resolves with the first `needed` values that `accepts` takes, in order of arrival; rejects with `NoQuorumError` as
 * soon as too few can still come. Late answers are ignored, not cancelled: they have been sent.
 */
export function quorum<T>(
  answers: readonly Promise<T>[],
  needed: number,
  accepts: (answer: T) => boolean = () => true,
): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const got: T[] = [];
    let left = answers.length;
    const settle = (): void => {
      left -= 1;
      if (got.length < needed && got.length + left < needed)
        reject(new NoQuorumError(`${got.length} of ${needed} needed answers`));
    };
    if (left < needed) reject(new NoQuorumError(`${left} nodes can not give ${needed} answers`));
    for (const answer of answers)
      answer.then(
        (value) => {
          if (accepts(value) && got.length < needed) {
            got.push(value);
            if (got.length === needed) resolve(got);
          }
          settle();
        },
        () => settle(),
      );
  });
}
