/** Which format a file has, from its beginning. */
export const FORMATS = ["testbed", "jsonl", "jepsen-edn", "jepsen-log"] as const;
export type Format = (typeof FORMATS)[number];

const LOOKED_AT = 65_536;
const BYTE_ORDER_MARK = 0xfeff;
const SAYS_AN_OPERATION =
  /(?:^|[ \t])(?:\d{1,16}|:nemesis)[ \t]{1,9}:(?:invoke|ok|fail|info)[ \t]{1,9}:/m;
const BY_NAME: readonly (readonly [string, Format])[] = [
  ...([[".edn", "jepsen-edn"]] as const),
  ...([[".jsonl", "jsonl"]] as const),
  ...([[".ndjson", "jsonl"]] as const),
  ...([[".log", "jepsen-log"]] as const),
];

/** `first`: the file's first bytes, 64 KiB of which are looked at. @returns `undefined` when nothing is told by them */
export function detectFormat(first: Uint8Array, fileName?: string): Format | undefined {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(first.subarray(0, LOOKED_AT));
  const from = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const begin = text.slice(from).trimStart();
  if (/^\{\s*"/.test(begin)) return isHeader(begin) ? "testbed" : "jsonl";
  if (/^(?:;|[[(]?\s*(?:\{\s*:|#_|#[\w.]+\s*\{)|[[(]\s*(?:[\])]|;))/.test(begin))
    return "jepsen-edn";
  if (SAYS_AN_OPERATION.test(text)) return "jepsen-log";
  return BY_NAME.find(([ending]) => fileName?.endsWith(ending) === true)?.[1];
}

function isHeader(text: string): boolean {
  const end = text.indexOf("\n");
  return /"testbed"\s*:\s*"history"/.test(end < 0 ? text : text.slice(0, end));
}
