/** The layout of a counterexample as inline SVG. Hovering over a thing in it tells it in full. */
import { frame, label, laneGrounds, rect, upright } from "./chart.ts";
import { BAR_HEIGHT } from "./lanes.ts";
import { html, type Markup } from "./markup.ts";
import type { Band, Bar, Mark, SpaceTime, TermSpan } from "./space-time.ts";
import { duration, instant } from "./time.ts";
import { noteLabel, operationTitle, optionsText, shorten } from "./wording.ts";

const FADE_PX = 60;
const SCALE_HEIGHT = 20;

export function spaceTimePicture(layout: SpaceTime, description: string): Markup {
  const { axis, height, lanes, bands, terms, bars, marks } = layout;
  const content = html`${laneGrounds(lanes, axis.width)}
${bands.map((band) => bandShape(band, height))}${timeScale(layout)}
${bands.map((band) => label("label on-band", band.labelX, band.labelY, band.label))}
${terms.map(termShape)}${bars.map(connectors)}
${bars.map((bar) => barShape(bar, axis.width))}${marks.map(markShape)}`;
  const names = lanes.map(({ name, y, height }) => ({ text: name, y, height }));
  return frame({ description, width: axis.width, height, names, content });
}

function timeScale({ axis, height, ticks }: SpaceTime): Markup {
  const shown = ticks.map(({ x, ns }) => {
    const last = x > axis.width - 60;
    const time = label(last ? "time end" : "time", last ? x - 2 : x + 2, 14, instant(ns));
    return html`${upright("tick", x, SCALE_HEIGHT, height)}${time}`;
  });
  const breaks = axis.stretches.filter(({ shortened }) => shortened);
  return html`${shown}${breaks.map(({ fromNs, toNs, fromX, toX }) => {
    const middle = (fromX + toX) / 2;
    const [x, y] = [middle - 5, 32];
    const size = duration(toNs - fromNs);
    const title = `Shortened: ${size} from ${instant(fromNs)} to ${instant(toNs)}`;
    return html`${rect("gap", { x, y, width: 10, height: height - y }, title)}
${upright("break", x, y, height)}${upright("break", x + 10, y, height)}
${label("time middle", middle, 27, `⋯ ${size} ⋯`)}`;
  })}`;
}

function bandShape({ fault, label, fromX, toX, y, height }: Band, pictureHeight: number): Markup {
  const [x, width] = [fromX, Math.max(2, toX - fromX)];
  const kind = fault.begin?.effective === true ? "band effective" : "band ineffective";
  const title = `${label}; evidence: ${optionsText(fault.begin?.evidence ?? {}, 300)}`;
  const [top, tall] = [SCALE_HEIGHT, pictureHeight - SCALE_HEIGHT];
  return html`${rect("band-across", { x, y: top, width, height: tall }, title)}
${rect(kind, { x, y, width, height }, title)}`;
}

function termShape({ term, label: text, labelX, fromX, toX, y }: TermSpan): Markup {
  const end = term.why === undefined ? "the end of the history" : instant(term.toNs);
  const title = `${shorten(term.node, 40)} ${text} from ${instant(term.fromNs)} to ${end}`;
  const box = { x: fromX, y, width: Math.max(3, toX - fromX), height: 15 };
  return html`${rect("term", box, title)}${label("label", labelX, y + 12, text)}`;
}

/** From the client to the node and back: only the ends are known, nothing else is drawn. */
function connectors({ operation, fromX, toX, y, bracketY }: Bar): Markup {
  const answered = operation.completedAt !== undefined;
  const back = answered ? upright("message", toX, y, bracketY) : html``;
  return html`${upright("message", fromX, y, bracketY)}${back}`;
}

function barShape({ operation, ...bar }: Bar, axisWidth: number): Markup {
  const { status } = operation;
  const [x, y] = [bar.fromX, bar.y];
  const width = Math.max(6, bar.toX - x);
  const end = x + width;
  const fading = Math.max(0, Math.min(FADE_PX, axisWidth - end));
  const tail = { x: end, y, width: fading, height: BAR_HEIGHT };
  const title = operationTitle(operation);
  return html`${rect(`bar ${status}`, { x, y, width, height: BAR_HEIGHT }, title)}
${status === "info" ? rect("tail", tail, title) : html``}
${label("label strong", bar.labelX, bar.labelY, bar.label)}
${rect(`bracket ${status}`, { x, y: bar.bracketY, width, height: 5 }, title)}
${label("label", bar.stampX, bar.bracketY + 19, bar.stamp)}`;
}

function markShape({ note, label: text, labelX, x, y }: Mark): Markup {
  const title = `${shorten(note.node, 40)} at ${instant(note.time, 6)}: ${noteLabel(note)}`;
  return html`<g><title>${title}</title>
<path class="mark ${note.kind}" d="M${x} ${y - 9}l5 5l-5 5l-5 -5z"/>
${label("label", labelX, y, text)}</g>`;
}
