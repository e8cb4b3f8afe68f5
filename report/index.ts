/** The report's door: a judgement and its history in, one self-contained HTML file out. */
export { type ReportInput, renderReport } from "./page.ts";
