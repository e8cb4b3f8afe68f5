import { expect, test } from "vitest";
import { contrast, DARK, LIGHT, type Palette } from "./palette.ts";

const TEXT: readonly (readonly [keyof Palette, keyof Palette])[] = [
  ["text", "ground"],
  ["text", "raised"],
  ["text", "band"],
  ["text", "clock"],
  ["text", "term"],
  ["quiet", "ground"],
  ["quiet", "raised"],
  ["bad", "ground"],
  ["bad", "raised"],
  ["good", "ground"],
  ["good", "raised"],
  ["unsure", "ground"],
  ["unsure", "raised"],
];
const SHAPES: readonly (keyof Palette)[] = ["ok", "fail", "info", "bandLine"];

for (const [scheme, palette] of Object.entries({ light: LIGHT, dark: DARK })) {
  test.each(TEXT)(`${scheme}: %s on %s can be read`, (front, back) => {
    expect(contrast(palette[front], palette[back])).toBeGreaterThanOrEqual(4.5);
  });
  test.each(SHAPES)(`${scheme}: %s can be seen`, (shape) => {
    expect(contrast(palette[shape], palette.ground)).toBeGreaterThanOrEqual(3);
  });
}
