// Turns board values into words. The words themselves are gettext'ed by the server and come in the page's
// JSON block "messages", with places such as {low}; the same templates are filled by the server at first paint.

/** Fills the {places} of a template. An unknown place stays as it is, so that a mistake can be seen. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** The parts of an ISO time as the hall's wall clock shows it (the offset in the string is the hall's own). */
export function clockParts(iso) {
  const [, hour, minute] = /T(\d\d):(\d\d)/.exec(iso);
  return { hour: Number(hour), minute: Number(minute), time: `${Number(hour)}:${minute}` };
}

/**
 * Fills a template with other values and an ISO time: its places are {hour}, {minute} and {time}. A full hour is said
 * without its minutes: 10時, never 10時0分.
 */
export function fillTime(template, iso, values = {}) {
  const parts = clockParts(iso);
  return fill(parts.minute ? template : template.replace("{minute}分", ""), { ...values, ...parts });
}

/** A clock text such as 9:05. */
export function clockText(iso) {
  return clockParts(iso).time;
}

/** A day such as 11月25日(水) in the language of the page, with the digits that clocks and numbers here have too. */
export function dayText(iso, lang = document.documentElement.lang || "ja") {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  const options = { month: "short", day: "numeric", weekday: "short", timeZone: "UTC" };
  return new Intl.DateTimeFormat(`${lang}-u-nu-latn`, options).format(Date.UTC(year, month - 1, day));
}

/**
 * An estimate as words: always a range, never a bare minute; "" when there is none.
 * Uses messages.range ("{low}〜{high}分ほど") and messages.range_within ("{high}分以内").
 */
export function rangeText(estimate, messages) {
  if (!estimate) return "";
  return fill(estimate.low > 0 ? messages.range : messages.range_within, estimate);
}

/** What the page calls a "service" or a "counter" of the board: by its own language where that has a name. */
export const named = (messages, kind, id, name) => messages.names?.[kind]?.[id] ?? name ?? "";

/** The word of a level: the city's own in plain Japanese, a translation in other languages. */
export const levelWord = (level, messages) => messages.levels?.[level.key] ?? level.label;
