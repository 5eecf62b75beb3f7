// What the validity form says: days and years in the language of the page, and the answer in sentences.
import { el } from "./dom.js";
import { fill } from "./format.js";

const LANGUAGE = document.documentElement.lang || "ja";

const forms = (options, calendar = "gregory") =>
  new Intl.DateTimeFormat(`${LANGUAGE}-u-ca-${calendar}-nu-latn`, { ...options, timeZone: "UTC" });
const dayForm = forms({ year: "numeric", month: "short", day: "numeric", weekday: "short" });
const yearForm = forms({ year: "numeric" });
const monthForm = forms({ month: "long" });
const dayOfMonthForm = forms({ day: "numeric" });
const eraForm = forms({ era: "short", year: "numeric" }, "japanese");

/** A year with its Japanese one, two where it has two: 1989年（昭和64年・平成元年）. */
export function yearText(year, words) {
  const eras = [Date.UTC(year, 0, 1), Date.UTC(year, 11, 31)].map((day) => eraForm.format(day));
  const era = [...new Set(eras)].join(words.separator);
  return fill(words.year, { year: yearForm.format(Date.UTC(year, 0, 1)), era });
}

/** A month from 1 to 12. */
export const monthText = (month) => monthForm.format(Date.UTC(2000, month - 1, 1));

/** A day of a month. */
export const dayOfMonthText = (day) => dayOfMonthForm.format(Date.UTC(2000, 0, day));

/** The paragraphs of an answer of validity.js. */
export function answerLines({ expiry, window, state }, today, words) {
  const over = state.startsWith("expired");
  const ground = fill(words.grounds[expiry.ground] ?? "", { count: expiry.birthdays });
  const lines = [
    el("p", { class: "validity__state", text: words.states[state] }),
    el("p", { class: "validity__window" }, ...withDays(over ? words.window_past : words.window, window)),
    el("p", {}, ...withDays(words.expiry, { day: expiry.day }), ` ${ground}`),
    words.advice[state] && el("p", { text: words.advice[state] }),
    el("p", { class: "validity__as-of" }, ...withDays(words.as_of, { day: today })),
  ];
  return lines.filter(Boolean);
}

/** A filled template whose days stand in elements of their own, so that no line ends inside them. */
const withDays = (template, days) =>
  template
    .split(/\{(\w+)\}/)
    .map((piece, place) => (place % 2 ? el("span", { class: "validity__day", text: dayText(days[piece]) }) : piece));

function dayText(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return dayForm.format(Date.UTC(year, month - 1, day));
}
