/**
 * Numbers as they are written. JavaScript reads 9007199254740993 as 9007199254740992, and two values that differ would
 * be one: a number that does not survive is kept as a text, its decimal digits with an `n`: `"9007199254740993n"`.
 * A text that looks like one of these gets another `n`, so that different values stay different.
 */

/** No more characters than this: no digit can be lost, unless there is an exponent. */
export const SURELY_EXACT = 15;
const LONGEST = 10_000;
const LOOKS_LIKE_ONE = /^-?\d+(?:e-?\d+)?n+$/;

/**
 * `token`: a decimal number as JSON and EDN write it.
 * @throws SyntaxError when it is longer than any reason.
 */
export function exactNumber(token: string): number | string {
  if (token.length > LONGEST) throw new SyntaxError(`a number of ${token.length} characters`);
  const number = Number(token);
  const digits = decimal(token);
  return Number.isFinite(number) && decimal(String(number)) === digits ? number : `${digits}n`;
}

/** A text among values some of which are numbers kept as texts. */
export function distinctText(text: string): string {
  return text.endsWith("n") && LOOKS_LIKE_ONE.test(text) ? `${text}n` : text;
}

/** The one way to write a number: digits that neither begin nor end with 0, and an exponent unless it is 0. */
function decimal(token: string): string {
  const [, sign, whole = "", fraction = "", power = "0"] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(token) ?? [];
  const digits = whole + fraction;
  let [from, to] = [0, digits.length];
  while (to > 0 && digits[to - 1] === "0") to--;
  if (to === 0) return "0";
  while (digits[from] === "0") from++;
  const exponent = BigInt(power) + BigInt(digits.length - to - fraction.length);
  const tail = exponent === 0n ? "" : `e${exponent}`;
  return `${sign === "-" ? "-" : ""}${digits.slice(from, to)}${tail}`;
}
