// Until when a card or certificate is valid, and when it can be renewed, computed in the page: nothing is sent.
// The twin of domain/validity.py, which has the rules with their sources; a test runs both on the same cases.
// Dates are texts such as "2026-11-24": they are in the order of time, and no time zone can move them.

export const FIRST_CARD = "2016-01-01";
export const CARD_BIRTHDAYS = 10;

const ADULT_YEARS = 18;
const ADULT_YEARS_BEFORE = 20;
const ADULT_SINCE = "2022-04-01";
const CARD_BIRTHDAYS_OF_MINORS = 5;
const CERTIFICATE_BIRTHDAYS = 5;
const CERTIFICATE_BIRTHDAYS_RENEWED = 6;
const RENEWAL_MONTHS = 3;

const LIMITS = { card: ["stay_until"], certificate: ["card_until", "user_certificate_until", "stay_until"] };
const GROUNDS = { card_until: "card", user_certificate_until: "user_certificate", stay_until: "stay" };

/** A date that cannot be: `problem` is a stable code, `field` the name of the field of the question. */
export class WrongDate extends Error {
  constructor(problem, field) {
    super(`${field}: ${problem}`);
    this.problem = problem;
    this.field = field;
  }
}

/** How many days a month (1 to 12) of a year has. */
export function daysIn(year, month) {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The date of three numbers; throws WrongDate when the calendar has none. */
export function typedDate(year, month, day, field) {
  const real = [year, month, day].every(Number.isInteger) && year >= 1 && year <= 9999 && month >= 1 && month <= 12;
  if (!real || day < 1 || day > daysIn(year, month)) throw new WrongDate("impossible_date", field);
  return dateOf(year, month, day);
}

/**
 * The answer for what a resident knows: {document, expiry: {day, ground, birthdays}, window: {first, last}, state}.
 *
 * `question` is {document, expiry} for a printed last day, else {document, born, issued, renewed_early, stay_until,
 * card_until, user_certificate_until}, of which the last four may be missing. Throws WrongDate for dates that cannot be.
 */
export function validityOf(question, today) {
  const { document } = question;
  let expiry;
  let cardUntil = null;
  if (question.expiry) {
    checkPrinted(question, today);
    expiry = { day: question.expiry, ground: "printed", birthdays: null };
  } else {
    checkIssued(question, today);
    expiry = expiryOf(question);
    cardUntil = question.card_until ?? null;
  }
  if (document === "card") cardUntil = expiry.day;
  const window = renewalWindow(expiry.day);
  return { document, expiry, window, state: stateOf(window, cardUntil, today) };
}

/** From the day after the date three months before the last day, to that day. */
export function renewalWindow(expiry) {
  const [year, month, day] = partsOf(expiry);
  const months = year * 12 + month - 1 - RENEWAL_MONTHS;
  const before = [Math.floor(months / 12), (months % 12) + 1];
  return { first: dayAfter(...before, Math.min(day, daysIn(...before))), last: expiry };
}

/** The `count`-th birthday after the day of issue; a birthday on that very day is not counted. */
export function nthBirthdayAfter(born, issued, count) {
  const [year] = partsOf(issued);
  const first = birthdayIn(born, year) > issued ? year : year + 1;
  return birthdayIn(born, first + count - 1);
}

const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const partsOf = (date) => date.split("-").map(Number);

const digits = (number, width) => String(number).padStart(width, "0");

const dateOf = (year, month, day) => `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;

function dayAfter(year, month, day) {
  if (day < daysIn(year, month)) return dateOf(year, month, day + 1);
  return month < 12 ? dateOf(year, month + 1, 1) : dateOf(year + 1, 1, 1);
}

function birthdayIn(born, year) {
  const [, month, day] = partsOf(born);
  return dateOf(year, month, Math.min(day, daysIn(year, month)));
}

function ofAge(born, day) {
  const [year] = partsOf(born);
  return birthdayIn(born, year + (day >= ADULT_SINCE ? ADULT_YEARS : ADULT_YEARS_BEFORE)) <= day;
}

function birthdaysOf({ document, born, issued, renewed_early }) {
  if (document === "card") return ofAge(born, issued) ? CARD_BIRTHDAYS : CARD_BIRTHDAYS_OF_MINORS;
  return renewed_early ? CERTIFICATE_BIRTHDAYS_RENEWED : CERTIFICATE_BIRTHDAYS;
}

function expiryOf(question) {
  const birthdays = birthdaysOf(question);
  const ends = LIMITS[question.document]
    .filter((field) => question[field])
    .map((field) => ({ day: question[field], ground: GROUNDS[field], birthdays: null }));
  ends.push({ day: nthBirthdayAfter(question.born, question.issued, birthdays), ground: "birthday", birthdays });
  return ends.reduce((first, end) => (end.day < first.day ? end : first));
}

function stateOf(window, cardUntil, today) {
  if (today < window.first) return "not_yet";
  if (today <= window.last) return "renewable";
  return cardUntil && cardUntil < today ? "expired_card" : "expired_certificate";
}

function checkPrinted({ document, expiry }, today) {
  if (expiry < FIRST_CARD) throw new WrongDate("before_first_card", "expiry");
  const most = document === "card" ? CARD_BIRTHDAYS : CERTIFICATE_BIRTHDAYS_RENEWED;
  if (expiry > nthBirthdayAfter(today, today, most)) throw new WrongDate("expiry_too_far", "expiry");
}

function checkIssued(question, today) {
  const { document, born, issued } = question;
  if (born > today) throw new WrongDate("born_in_future", "born");
  if (issued > today) throw new WrongDate("issued_in_future", "issued");
  if (issued < born) throw new WrongDate("issued_before_birth", "issued");
  if (issued < FIRST_CARD) throw new WrongDate("before_first_card", "issued");
  for (const field of LIMITS[document]) {
    if (question[field] && question[field] < issued) throw new WrongDate("ended_before_issue", field);
  }
}
