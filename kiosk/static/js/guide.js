// The guide: which procedure, who comes, what they hold; then the answer, with what to bring.
import { el, field, fields, readJSON, show, text } from "../../../static/js/dom.js";
import { showScreen } from "./screens.js";

const { procedures, words } = readJSON("guide");
const { printer } = readJSON("page");
const VALIDITY = { certificate_renewal: "certificate", certificate_issue: "certificate", card_renewal: "card" };

/** The services that issue numbers now. */
let accepting = [];

const section = (name) => document.querySelector(`section[data-screen="${name}"]`);

let procedure = null;
let applicant = null;
/** Answers to the questions so far, in the order in which they were asked: [question, true, false or null]. */
let told = [];
const trail = [];

/** Characters with their reading above them. */
const rubyNode = ([characters, reading]) =>
  reading ? el("ruby", {}, characters, el("rt", { "aria-hidden": "true", text: reading })) : characters;

const setRuns = (node, runs) => node.replaceChildren(...runs.map(rubyNode));

/** What was chosen, for the printer: {procedure, applicant, holds}. */
export function chosen() {
  const known = told.filter(([, holds]) => holds !== null);
  return { procedure: procedure.id, applicant: applicant.id, holds: Object.fromEntries(known) };
}

/** The service that takes the chosen procedure here, null where none does. */
export const chosenService = () => (procedure?.here === "walk_in" ? procedure.service : null);

/** Forgets everything: the next person begins anew. */
export function forgetGuide() {
  procedure = applicant = null;
  told = [];
  trail.length = 0;
}

function go(name) {
  trail.push(name);
  showScreen(name);
}

/** Begins with the list of procedures. */
export function openGuide() {
  forgetGuide();
  go("guide");
}

/** One step back; false where there is none, and the first screen is meant. */
export function backInGuide() {
  const left = trail.pop();
  if (left === "guide-ask" || left === "guide-answer") told.pop();
  const name = trail.at(-1);
  if (!name) return false;
  if (name === "guide-ask") showQuestion();
  showScreen(name);
  return true;
}

/** Opens the form of dates; it is told which document is meant. */
export function openValidity() {
  const form = document.querySelector("[data-validity]");
  form.dataset.document = VALIDITY[procedure.kind];
  form.reset();
  go("validity");
}

function nameProcedure() {
  for (const node of fields(document, "guide_procedure")) setRuns(node, procedure.runs);
}

/** A procedure was touched. Where everybody is told the same, nobody is asked who comes. */
export function chooseProcedure(id) {
  procedure = procedures.find((each) => each.id === id);
  nameProcedure();
  if (procedure.asks_who) go("guide-who");
  else chooseApplicant(procedure.applicants[0].id);
}

/** An applicant was touched. */
export function chooseApplicant(id) {
  applicant = procedure.applicants.find((each) => each.id === id);
  told = [];
  next();
}

/** Whether the person holds what was asked for: "yes", "no" or "unknown". */
export function tellHolding(answer) {
  const question = applicant.questions[told.length];
  told.push([question.id, { yes: true, no: false }[answer] ?? null]);
  next();
}

function next() {
  if (told.length < applicant.questions.length) {
    showQuestion();
    go("guide-ask");
  } else {
    showAnswer();
    go("guide-answer");
  }
}

function showQuestion() {
  const question = applicant.questions[told.length];
  setRuns(field(section("guide-ask"), "guide_question"), question.runs);
  section("guide-ask").querySelector('[data-list="holdings"]').replaceChildren(...question.answers.map(holdingNode));
}

const holdingNode = ({ id, runs }) => {
  const name = el("span", { class: "guide-choice__name" }, ...runs.map(rubyNode));
  return el("li", {}, el("button", { class: "guide-choice", type: "button", dataset: { hold: id } }, name));
};

function answerNow() {
  const holds = Object.fromEntries(told);
  const fits = ({ when }) => Object.entries(when).every(([question, wanted]) => holds[question] === wanted);
  return procedure.answers.find((each) => each.applicant === applicant.id && fits(each));
}

const heading = (words_) => el("h2", { class: "guide-answer__title", text: words_ });
const lines = (items, className) => el("ul", { class: className }, ...items.map((item) => el("li", { text: item })));

/** An item with its readings, where the page shows readings. */
const itemNode = ({ runs }) => el("li", {}, ...runs.map(rubyNode));

function parts(answer) {
  const found = [];
  for (const visit of answer.visits) {
    if (visit.bring.length) found.push(heading(visit.title), el("ul", { class: "guide-items" }, ...visit.bring.map(itemNode)));
    else found.push(heading(visit.title));
    if (visit.notes.length) found.push(lines(visit.notes, "guide-notes"));
  }
  if (answer.see) found.push(el("p", { class: "guide-see", text: answer.see.name }));
  if (answer.outcome === "ask_staff") found.push(el("p", { text: words.ask }));
  const facts = [[words.fee, answer.fee], [words.period, procedure.period]].filter(([, value]) => value);
  for (const [name, value] of facts) found.push(heading(name), el("p", { text: value }));
  if (procedure.pins.length && answer.visits.length) found.push(heading(words.pins), lines(procedure.pins, "guide-notes"));
  const notes = [...answer.notes, ...procedure.remarks];
  if (notes.length) found.push(heading(words.remarks), lines(notes, "guide-notes"));
  if (procedure.here !== "walk_in" || procedure.booking) found.push(...placeParts());
  found.push(el("p", { class: "guide-source", text: words.source }));
  return found;
}

function placeParts() {
  const booked = (place) => (place.booking === "required" ? words.booking_required : words.booking_none);
  const items = procedure.places.map((place) => `${place.name}${place.here ? ` (${words.here})` : ""} — ${booked(place)}`);
  const found = items.length ? [heading(words.places), lines(items, "guide-notes")] : [];
  const { booking } = procedure;
  if (booking) {
    const phone = [words.book_by_phone, booking.phone, booking.hours].filter(Boolean).join(" ");
    found.push(el("p", { class: "guide-phone", text: phone }));
    if (booking.online) found.push(el("p", { text: words.book_online }));
  }
  return found;
}

/** A number is offered where it can be had now; else it is said, and the way out stands there. */
function showTake(answer) {
  const root = section("guide-answer");
  const service = ["by_yourself", "other_procedure"].includes(answer.outcome) ? null : chosenService();
  const takes = service !== null && accepting.includes(service);
  show(root.querySelector("[data-take]"), takes);
  show(root.querySelector('[data-part="guide-end"]'), !takes);
  show(root.querySelector('[data-part="guide-not-now"]'), service !== null && !takes);
}

/** Which services issue numbers now, from a newer board; `open` is false while none can. */
export function showTaking(services, open) {
  accepting = open ? services.filter((service) => service.accepting).map((service) => service.id) : [];
  if (applicant && told.length === applicant.questions.length) showTake(answerNow());
}

function showAnswer() {
  const answer = answerNow();
  const root = section("guide-answer");
  root.dataset.outcome = answer.outcome;
  setRuns(field(root, "guide_outcome"), answer.headline_runs);
  const here = { booking: words.book_first, elsewhere: words.elsewhere }[procedure.here] ?? "";
  text(field(root, "guide_here"), here);
  show(field(root, "guide_here"), here);
  root.querySelector('[data-list="answer"]').replaceChildren(...parts(answer));
  root.querySelector('[data-list="answer"]').scrollTop = 0;
  show(root.querySelector('[data-part="to-validity"]'), procedure.kind in VALIDITY);
  showTake(answer);
  show(root.querySelector('[data-part="list-paper"]'), false);
  // A list that says no more than to ask is no list.
  show(root.querySelector("[data-print-list]"), printer && answer.outcome !== "ask_staff");
}
