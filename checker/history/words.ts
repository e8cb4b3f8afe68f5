/**
 * Reads text eight bytes at a time. Equal numbers are equal bytes for all but zero and NaN: text that is printable ASCII
 * is neither of both, so a comparison with it is exact, whatever the other side is.
 */

/** Eight characters of ASCII as the number that a `DataView` reads there, little end first. */
export function word(text: string): number {
  const view = new DataView(new ArrayBuffer(8));
  if (!/^[ -~]{8}$/.test(text)) throw new RangeError(`not eight characters of ASCII: ${text}`);
  for (let at = 0; at < 8; at++) view.setUint8(at, text.charCodeAt(at));
  return view.getFloat64(0, true);
}

/** As `word`, of four characters. */
export function half(text: string): number {
  const view = new DataView(new ArrayBuffer(4));
  if (!/^[ -~]{4}$/.test(text)) throw new RangeError(`not four characters of ASCII: ${text}`);
  for (let at = 0; at < 4; at++) view.setUint8(at, text.charCodeAt(at));
  return view.getInt32(0, true);
}

/** Whether two stretches of `length` bytes, at least eight, are the same printable ASCII; false in doubt. */
export function sameText(view: DataView, one: number, other: number, length: number): boolean {
  const last = length - 8;
  for (let at = 0; at < last; at += 8)
    if (view.getFloat64(one + at, true) !== view.getFloat64(other + at, true)) return false;
  return view.getFloat64(one + last, true) === view.getFloat64(other + last, true);
}

/** Whether four bytes, read as one number, are digits. */
export function areDigits(four: number): boolean {
  return (
    (four & 0xf0f0_f0f0) === 0x3030_3030 && ((four + 0x0606_0606) & 0xf0f0_f0f0) === 0x3030_3030
  );
}

/** What four digits say, the first in the lowest byte. */
export function valueOfDigits(four: number): number {
  const pairs = (four & 0x000f_000f) * 10 + ((four >>> 8) & 0x000f_000f);
  return (pairs & 0xff) * 100 + (pairs >>> 16);
}
