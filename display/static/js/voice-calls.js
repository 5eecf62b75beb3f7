// What is to be said, and when: everything about the voice that needs no page and no sound.

/** Behind the estimate by more than this, the hall's clock was set back and not merely told late. */
const SET_BACK_MS = 10 * 60_000;

/** The calls of a board with a call_seq above `highest`, the earliest first; a recall has a higher one than its call. */
export function newCalls(board, highest) {
  const standing = board.categories.flatMap(({ services }) => services.flatMap(({ calling }) => calling));
  const bySeq = new Map();
  for (const call of [...board.calls, ...standing]) if (call.call_seq > highest) bySeq.set(call.call_seq, { ...call });
  return [...bySeq.values()].sort((one, other) => one.call_seq - other.call_seq);
}

/** What is said and shown of a call, language by language. */
export function partsOf(call, { languages }) {
  return languages.map(({ tag, lang, sentence, counters }) => ({
    tag,
    lang,
    sentence,
    label: call.label,
    counter: counters[call.counter] && tag !== "ja" ? counters[call.counter] : (call.counter_name ?? ""),
  }));
}

/**
 * The files of a call in a language, in the order in which they are played; null when one of them is not there.
 * `index` is what the server says there is.
 */
export function filesOf(call, tag, index, { repeat, stages }) {
  const number = index.numbers[tag]?.[call.label];
  const files = repeat ? [number, number] : [number];
  if (stages && tag === "ja" && call.stage) files.push(index.stages[call.stage]);
  if (call.counter) files.push(index.counters[tag]?.[call.counter]);
  return files.every(Boolean) ? files : null;
}

/** Whether "HH:MM" lies in one of the stretches; each holds from its beginning up to, but not including, its end. */
export const isQuiet = (stretches, time) => stretches.some(([begins, ends]) => begins <= time && time < ends);

/**
 * The hall's clock, between the boards that tell its time. `now` is a clock that only rises (ms).
 *
 * A board may be told late, after the line was away; so the time never falls behind what has gone by since the last
 * one, unless somebody has set the clock back.
 */
export function wallClock(now = () => performance.now()) {
  let at = 0;
  let heard = now();
  let offset = 0;
  const reading = () => at + (now() - heard);
  return {
    set(iso) {
      const told = Date.parse(iso);
      const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(iso) ?? [null, "+", "0", "0"];
      offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
      at = told < reading() - SET_BACK_MS ? told : Math.max(told, reading());
      heard = now();
    },
    /** The time of day in the hall, "HH:MM". */
    time: () => new Date(reading() + offset).toISOString().slice(11, 16),
    secondsSince: (iso) => (reading() - Date.parse(iso)) / 1000,
  };
}
