// A machine can be set up by its start address: …/kiosk/SITE#enroll=TOKEN. The token never stays in the address.
// A machine that is enrolled already has no form: it keeps its enrolment, and the token only goes.
const token = new URLSearchParams(location.hash.slice(1)).get("enroll");
const form = document.querySelector("[data-enroll]");

if (token) history.replaceState(null, "", location.pathname + location.search);
if (token && form) {
  form.elements.token.value = token;
  form.requestSubmit();
}
