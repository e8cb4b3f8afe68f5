/** The page's stylesheet: system fonts, both colour schemes, a phone's width and paper. */
import { DARK, LIGHT, type Palette } from "./palette.ts";

export const STYLE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem) 4rem;max-width:80rem;
background:var(--ground);
color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1,h2,h3,h4{line-height:1.25;margin:1.2em 0 .4em}
h1{font-size:1.25rem;margin:.2em 0}h2{font-size:1.4rem;border-bottom:1px solid var(--rule);
padding-bottom:.2em;margin-top:2em}
h3{font-size:1.1rem}h4{font-size:1rem;margin-top:.6em}
p{margin:.4em 0;max-width:75ch}
a{color:var(--good)}
:focus-visible{outline:3px solid var(--good);outline-offset:2px}
small,caption,figcaption,.legend,dt{color:var(--quiet);font-size:.85rem}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;margin:.8rem 0}
.banner{background:var(--raised);border-left:.5rem solid var(--unsure);padding:1rem 1.2rem;
border-radius:.3rem}
.banner.invalid{border-color:var(--bad)}.banner.valid{border-color:var(--good)}
.verdict{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem;max-width:none;color:var(--unsure)}
.invalid .verdict,.said.invalid{color:var(--bad)}.valid .verdict,.said.valid{color:var(--good)}
.tag{font-size:.85rem;border:1px solid currentColor;border-radius:1rem;padding:.05rem .6rem;
white-space:normal;
display:inline-block;vertical-align:middle}
.tag.expected{color:var(--text)}.tag.unexpected{color:var(--bad)}
.tag.inconclusive{color:var(--unsure)}
.sentence{font-weight:600}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:.8rem 0 0}.facts dd{margin:0}
.summary{font-weight:600}
.story{display:grid;gap:0 2rem;grid-template-columns:minmax(0,3fr) minmax(0,2fr)}
.story figure{grid-column:1/-1}
figure{margin:.6rem 0}
.because li{margin:.25em 0}.because li:last-child{font-weight:600}
.scroll{width:fit-content;max-width:100%}
.scroll,.chart{overflow-x:auto;border:1px solid var(--rule);border-radius:.3rem;margin:.6rem 0}
table{border-collapse:collapse;font-size:.9rem}
caption{text-align:left;padding:.4rem .6rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid var(--rule);
overflow-wrap:break-word;
min-width:3.5rem;max-width:32rem}
thead th{background:var(--raised)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.warning{color:var(--bad);font-weight:700}
.plain{margin:0;padding:0;list-style:none}
details{margin:.5rem 0;border:1px solid var(--rule);border-radius:.3rem;padding:.3rem .8rem}
summary{cursor:pointer;font-weight:600}
pre{overflow:auto;max-height:32rem;padding:.7rem;background:var(--raised);border-radius:.3rem;
font-size:.85rem;
white-space:pre-wrap;overflow-wrap:anywhere}
.copy{user-select:all}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;list-style:none;padding:0}
.legend svg{vertical-align:-2px}
.fills{position:absolute}
.chart{display:flex;background:var(--ground)}
.chart svg{flex:none;display:block}
.names{position:sticky;left:0;background:var(--ground);border-right:1px solid var(--rule)}
svg text{font:12px system-ui,sans-serif;fill:var(--text);overflow-wrap:normal;white-space:pre}
.picture .label{paint-order:stroke;stroke:var(--ground);stroke-width:3px;stroke-linejoin:round}
.picture .strong{font-weight:600}
.end{text-anchor:end}.middle{text-anchor:middle}
text.time{fill:var(--quiet);font-size:11px}text.stage-name{font-weight:700}
.lane{fill:none}.lane.even{fill:var(--raised);opacity:.6}
.tick,.message,.stage{stroke:var(--rule);stroke-width:1}.message{stroke:var(--quiet);
stroke-dasharray:1 3}
.stage{stroke:var(--quiet);stroke-width:1.5}
.gap{fill:var(--ground)}.break{stroke:var(--quiet);stroke-dasharray:2 3}
.bar,.bracket{stroke-width:1.5}
.ok{fill:var(--ok);stroke:var(--ok)}
.fail{fill:url(#hatch);stroke:var(--fail)}
.info{fill:var(--ground);stroke:var(--info);stroke-dasharray:4 2}
.tail{fill:url(#fade)}
.hatch-ground{fill:var(--ground)}.hatch-line{fill:var(--fail)}
.fault-ground{fill:var(--band)}.fault-line{fill:var(--bandLine);opacity:.45}
.fade-from{stop-color:var(--info)}.fade-to{stop-color:var(--info);stop-opacity:0}
.band{fill:url(#fault);stroke:var(--bandLine)}.band.ineffective{fill:none;stroke-dasharray:6 4}
.band-across{fill:var(--bandLine);opacity:.09}
.picture .on-band{stroke:var(--band);stroke-width:4px}
.clock{fill:var(--clock);stroke:var(--info)}
.term{fill:var(--term);stroke:var(--quiet)}.term.contested{stroke:var(--bad);stroke-width:2.5}
.mark{fill:var(--text);stroke:var(--ground)}.mark.accept{fill:var(--fail)}
.witness{fill:none;stroke:var(--bad);stroke-width:2}.witness-time{stroke:var(--bad);
stroke-dasharray:2 4}
@media (max-width:48rem){.story{grid-template-columns:minmax(0,1fr)}body{font-size:15px}
.verdict{font-size:1.4rem}
.names{width:84px}svg.names text{font-size:10px}}
@media (forced-colors:active){.banner,.tag{border:1px solid}}
@media print{body{max-width:none;padding:0;font-size:11px}nav{display:none}
details::details-content{content-visibility:visible;display:block}
.scroll,.chart,pre{overflow:visible;max-height:none}.chart{zoom:.55;border:0}.names{position:static}
section,figure,tr{break-inside:avoid-page}h2,h3{break-after:avoid}}
`;

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}
