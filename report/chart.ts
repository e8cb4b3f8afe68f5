/**
 * The frame that both pictures share: lane names that stay while the picture scrolls sideways,
 * fills, arrow heads.
 */
import { round } from "./axis.ts";
import { html, type Markup } from "./markup.ts";

export interface LaneName {
  readonly text: string;
  readonly y: number;
  readonly height: number;
}

export interface Frame {
  /** What a reader who does not see the picture is told. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly names: readonly LaneName[];
  readonly content: Markup;
}

const NAMES_WIDTH = 112;
const NAME_CHARACTERS = 16;

export function frame({ description, width, height, names, content }: Frame): Markup {
  return html`<div class="chart" tabindex="0" role="group" aria-label="Picture, scrolls sideways">
<svg class="names" aria-hidden="true" width="${NAMES_WIDTH}" height="${height}">${names.map(
    ({ text, y, height: tall }) => html`
<rect class="lane" x="0" y="${y}" width="${NAMES_WIDTH}" height="${tall}"/>
<text x="6" y="${y + tall / 2 + 4}">${clip(text)}<title>${text}</title></text>`,
  )}</svg>
<svg class="picture" role="img" aria-label="${description}" width="${width}" height="${height}">
${content}</svg></div>`;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function rect(kind: string, { x, y, width, height }: Box, title = ""): Markup {
  const tip = title === "" ? html`` : html`<title>${title}</title>`;
  return html`<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}"
 height="${round(height)}">${tip}</rect>`;
}

/** A line from top to bottom. */
export function upright(kind: string, x: number, fromY: number, toY: number): Markup {
  return html`<path class="${kind}" d="M${round(x)} ${round(fromY)}V${round(toY)}"/>`;
}

export function label(kind: string, x: number, y: number, text: string): Markup {
  return html`<text class="${kind}" x="${round(x)}" y="${round(y)}">${text}</text>`;
}

/** Every other lane is tinted, so that the eye can follow it. */
export function laneGrounds(lanes: readonly { y: number; height: number }[], width: number) {
  return lanes.map(({ y, height }, index) =>
    rect(`lane ${index % 2 === 0 ? "even" : "odd"}`, { x: 0, y, width, height }),
  );
}

/** A lane's name is told in full when hovered over. */
function clip(name: string): string {
  return name.length > NAME_CHARACTERS ? `${name.slice(0, NAME_CHARACTERS - 1)}…` : name;
}

/** Fills that every picture of the page refers to; ids must stand once in a document. */
export function sharedFills(): Markup {
  return html`<svg class="fills" aria-hidden="true" width="0" height="0"><defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)">
<rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/>
</pattern>
<pattern id="fault" width="8" height="8" patternUnits="userSpaceOnUse"
 patternTransform="rotate(-45)">
<rect class="fault-ground" width="8" height="8"/><rect class="fault-line" width="1.5" height="8"/>
</pattern>
<linearGradient id="fade"><stop offset="0" class="fade-from"/><stop offset="1" class="fade-to"/>
</linearGradient></defs></svg>`;
}

/** The meaning of the bars, in the words and shapes of the pictures. */
export function legend(): Markup {
  const entries = [
    ["bar ok", "ok: confirmed"],
    ["bar fail", "fail: certainly did not happen"],
    ["bar info", "info: no answer, may take effect later"],
    ["band", "a fault is on"],
  ] as const;
  return html`<ul class="legend">${entries.map(([kind, words]) => {
    const sample = rect(kind, { x: 1, y: 1, width: 26, height: 12 });
    return html`<li><svg aria-hidden="true" width="28" height="14">${sample}</svg> ${words}</li>`;
  })}</ul>`;
}
