import fc from "fast-check";
import { expect, test } from "vitest";
import { html, stylesheet, textOf } from "./markup.ts";

test("interpolated text is text, in content and in attributes", () => {
  const nasty = `<script>alert("1")</script>&'`;
  expect(textOf(html`<b title="${nasty}">${nasty}</b>`)).toBe(
    '<b title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">' +
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</b>",
  );
});

test("markup nests, also as a list", () => {
  expect(textOf(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}</ul>`)).toBe(
    "<ul><li>1</li><li>2</li></ul>",
  );
});

test("no text can bring a tag or a quote into the page, nor an invisible character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const content = textOf(html`${text}`);
      expect(content).not.toMatch(/[<>"']/);
      expect(content).not.toMatch(/[^\P{Cc}\n\r\t]|\p{Cf}|\p{Cs}/u);
    }),
  );
});

test("bidirectional overrides and control codes become visible", () => {
  expect(textOf(html`${"a\u202eb\u0000\u001b[31m"}`)).toBe("a\\u{202e}b\\u{0}\\u{1b}[31m");
});

test("an interpolation outside of quotes is refused", () => {
  const value = "x onload=alert(1)";
  expect(() => html`<b title=${value}>`).toThrow("quoted attribute");
  expect(() => html`<b ${value}>`).toThrow("quoted attribute");
  expect(() => html`<${value}>`).toThrow("quoted attribute");
  expect(textOf(html`<b title="a=${value}">1 &lt; 2 = ${2}</b>`)).toContain("= 2");
});

test("a stylesheet cannot end early", () => {
  expect(() => stylesheet("</style><script>")).toThrow("must not contain <");
});
