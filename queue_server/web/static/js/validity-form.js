// The form of templates/validity.html: chosen dates in, sentences out. It asks nobody and keeps nothing.
import { el, show } from "./dom.js";
import { CARD_BIRTHDAYS, FIRST_CARD, WrongDate, daysIn, typedDate, validityOf } from "./validity.js";
import { answerLines, dayOfMonthText, monthText, yearText } from "./validity-texts.js";

const OLDEST_YEARS = 120;
const LIMITS = ["stay_until", "card_until", "user_certificate_until"];

/** Whole numbers from one to another, up or down. */
const range = (first, last) =>
  Array.from({ length: Math.abs(last - first) + 1 }, (_, place) => (first < last ? first + place : first - place));

/** The years of a field: births and issues from this year back, last days as far as a card can last. */
function yearsOf(name, today) {
  const now = Number(today.slice(0, 4));
  const first = Number(FIRST_CARD.slice(0, 4));
  if (name === "born") return range(now, now - OLDEST_YEARS);
  return name === "issued" ? range(now, first) : range(first, now + CARD_BIRTHDAYS);
}

const partsOf = (field) => ["year", "month", "day"].map((part) => field.querySelector(`[data-part="${part}"]`));

/** Fills the lists of a field anew; nothing is chosen then. */
function offerDates(field, today, words) {
  const offer = (select, values, textOf) =>
    select.replaceChildren(select.options[0], ...values.map((value) => el("option", { value, text: textOf(value) })));
  const [year, month, day] = partsOf(field);
  offer(year, yearsOf(field.dataset.date, today), (each) => yearText(each, words));
  offer(month, range(1, 12), monthText);
  offer(day, range(1, 31), dayOfMonthText);
}

/** Days that the chosen month does not have cannot be chosen; February has 29 while the year is open. */
function limitDays(field) {
  const [year, month, day] = partsOf(field);
  const last = month.value ? daysIn(Number(year.value || 2000), Number(month.value)) : 31;
  for (const option of day.options) option.disabled = Number(option.value) > last;
}

/** The date of a field; null when nothing of it is chosen, undefined when a part is missing. */
function dateIn(field) {
  const values = partsOf(field).map((select) => select.value);
  if (values.every((value) => value === "")) return null;
  return values.includes("") ? undefined : typedDate(...values.map(Number), field.dataset.date);
}

const chosenIn = (choice) => choice.querySelector('[aria-pressed="true"]')?.dataset.option;

function mark(choice, value) {
  for (const option of choice.querySelectorAll("[data-option]")) {
    option.setAttribute("aria-pressed", String(option.dataset.option === value));
  }
}

function markWrong(fields, wrong) {
  for (const field of fields.values()) {
    for (const select of partsOf(field)) {
      if (wrong?.field === field.dataset.date) select.setAttribute("aria-invalid", "true");
      else select.removeAttribute("aria-invalid");
    }
  }
}

/** What is asked of validity.js; null while something is still to be chosen. */
function questionOf(fields, chosen) {
  const about = chosen.includes("card") ? "card" : "certificate";
  if (chosen.includes("printed")) {
    const expiry = dateIn(fields.get("expiry"));
    return expiry ? { document: about, expiry } : null;
  }
  if (about === "certificate" && !chosen.includes("renewed") && !chosen.includes("first")) return null;
  const names = ["born", "issued", ...LIMITS.filter((name) => !fields.get(name).hidden)];
  const dates = Object.fromEntries(names.map((name) => [name, dateIn(fields.get(name))]));
  if (!dates.born || !dates.issued || Object.values(dates).includes(undefined)) return null;
  return { ...dates, document: about, renewed_early: chosen.includes("renewed") };
}

/** {answer}, {wrong}, or {} while something is still to be chosen. */
function outcomeOf(fields, chosen, today) {
  try {
    const question = questionOf(fields, chosen);
    return question ? { answer: validityOf(question, today) } : {};
  } catch (wrong) {
    if (wrong instanceof WrongDate) return { wrong };
    throw wrong;
  }
}

function start(form) {
  const words = JSON.parse(form.querySelector("[data-words]").textContent);
  const choices = [...form.querySelectorAll("[data-choice]")];
  const fields = new Map([...form.querySelectorAll("[data-date]")].map((field) => [field.dataset.date, field]));
  const place = form.querySelector("[data-answer]");

  function tell({ answer, wrong }) {
    const sentence = wrong ? words.problems[wrong.problem] : words.prompt;
    const lines = answer ? answerLines(answer, form.dataset.today, words) : [el("p", { text: sentence })];
    const textOf = (nodes) => [...nodes].map((node) => node.textContent).join("\n");
    place.dataset.state = wrong ? "wrong" : (answer?.state ?? "");
    // A polite region speaks when its nodes change: the same sentences are not said twice.
    if (textOf(place.children) !== textOf(lines)) place.replaceChildren(...lines);
  }

  function refresh() {
    const chosen = choices.map(chosenIn);
    for (const part of form.querySelectorAll("[data-when]")) {
      show(part, part.dataset.when.split(" ").every((each) => !each || chosen.includes(each)));
    }
    for (const field of fields.values()) limitDays(field);
    const outcome = outcomeOf(fields, chosen, form.dataset.today);
    markWrong(fields, outcome.wrong);
    tell(outcome);
  }

  /** As it was at first, on the day that it is now: nothing of what was chosen stays. */
  function forget() {
    for (const field of fields.values()) offerDates(field, form.dataset.today, words);
    for (const details of form.querySelectorAll("details")) details.open = false;
    const first = { document: form.dataset.document, known: "printed" };
    for (const choice of choices) mark(choice, first[choice.dataset.choice]);
    refresh();
  }

  form.addEventListener("change", refresh);
  form.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-option]");
    if (!option) return;
    mark(option.closest("[data-choice]"), option.dataset.option);
    refresh();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    forget();
  });
  forget();
  show(form, true);
  show(form.parentElement.querySelector("[data-rule]"), false);
}

for (const form of document.querySelectorAll("[data-validity]")) start(form);
