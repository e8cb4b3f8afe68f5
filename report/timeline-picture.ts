/** The layout of the whole run as inline SVG. Failed and unknown operations are drawn last. */
import { frame, label, laneGrounds, rect, upright } from "./chart.ts";
import { html, type Markup } from "./markup.ts";
import { instant } from "./time.ts";
import { SPAN_HEIGHT, type Span, type Timeline } from "./timeline.ts";
import { noteLabel, operationTitle, optionsText, plural, shorten } from "./wording.ts";

const BAR_HEIGHT = 12;
const PAINT_ORDER = { ok: 0, info: 1, fail: 2 } as const;

export function timelinePicture(layout: Timeline): Markup {
  const { axis, height, lanes } = layout;
  const content = html`${laneGrounds(lanes, axis.width)}${background(layout)}
${nodeSpans(layout)}${operationBars(layout)}${witnessFrames(layout)}`;
  const names = lanes.map(({ name, y, height }) => ({ text: name, y, height }));
  return frame({ description: describe(layout), width: axis.width, height, names, content });
}

function describe({ lanes, faults, operations }: Timeline): string {
  const count = (status: string) => operations.filter(({ of }) => of.status === status).length;
  const parts = `${plural(lanes.length, "lane")}, ${plural(faults.length, "fault")}`;
  const results = `${count("ok")} ok, ${count("fail")} fail, ${count("info")} info`;
  return `Timeline of the run: ${parts}, and drawn operations: ${results}.`;
}

function background({ faults, ticks, stages, top, height }: Timeline): Markup {
  const bands = faults.map(({ fromX, toX }) => {
    const width = Math.max(1, toX - fromX);
    return rect("band-across", { x: fromX, y: top, width, height: height - top });
  });
  const scale = ticks.map(
    ({ x, ns }) =>
      html`${upright("tick", x, 18, height)}${label("time", x + 2, 14, instant(ns, 2))}`,
  );
  return html`${bands}${scale}${stages.map(({ x, stage, labelX, labelY }) => {
    const name = label("time stage-name", labelX, labelY, stage);
    return html`${upright("stage", x, 18, height)}${name}`;
  })}`;
}

function nodeSpans({ faults, clocks, terms, marks }: Timeline): Markup {
  return html`${faults.map((span) => {
    const { begin } = span.of;
    const kind = begin?.effective === true ? "band effective" : "band ineffective";
    const title = `${span.label}; evidence: ${optionsText(begin?.evidence ?? {}, 300)}`;
    return spanShape(kind, span, title);
  })}${clocks.map((span) => spanShape("clock", span, span.label))}${terms.map((span) => {
    const { node, fromNs, toNs, why } = span.of;
    const end = why === undefined ? "(end of the history)" : `(${shorten(why, 200)})`;
    const twice = span.contested ? " (two leaders)" : "";
    const when = `${instant(fromNs)} to ${instant(toNs)}`;
    const title = `${shorten(node, 40)} ${span.label}${twice}, ${when} ${end}`;
    const kind = span.contested ? "term contested" : "term";
    return spanShape(kind, { ...span, label: `${span.label}${twice}` }, title);
  })}${marks.map(({ note, x, y }) => {
    const title = `${shorten(note.node, 40)} at ${instant(note.time)}: ${noteLabel(note)}`;
    return html`<path class="mark ${note.kind}" d="M${x} ${y}l6 7l-6 7l-6 -7z">
<title>${title}</title></path>`;
  })}`;
}

function spanShape(kind: string, span: Span<unknown>, title: string): Markup {
  const width = Math.max(3, span.toX - span.fromX);
  const box = { x: span.fromX, y: span.y, width, height: SPAN_HEIGHT };
  const tone = kind.startsWith("band") ? "label on-band" : "label";
  return html`${rect(kind, box, title)}${label(tone, span.fromX + 4, span.y + 12, span.label)}`;
}

function operationBars({ operations }: Timeline): Markup {
  const order = (span: Timeline["operations"][number]) => PAINT_ORDER[span.of.status];
  const inOrder = [...operations].sort((a, b) => order(a) - order(b));
  return html`${inOrder.map(({ of, fromX, toX, y }) => {
    const box = { x: fromX, y, width: Math.max(2, toX - fromX), height: BAR_HEIGHT };
    return html`${rect(`bar ${of.status}`, box, operationTitle(of))}
`;
  })}`;
}

function witnessFrames({ operations, top, height }: Timeline): Markup {
  const shown = operations.filter(({ witness }) => witness);
  return html`${shown.map(({ of, fromX, toX, y }) => {
    const width = Math.max(2, toX - fromX) + 4;
    const box = { x: fromX - 2, y: y - 2, width, height: BAR_HEIGHT + 4 };
    const title = `${operationTitle(of)}; part of a counterexample`;
    return html`${upright("witness-time", fromX, top, height)}${rect("witness", box, title)}`;
  })}`;
}
