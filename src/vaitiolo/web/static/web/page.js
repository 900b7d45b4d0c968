// What every page does: the theme at once, the status line, the errors in sight. Keys are in keys.js.
// Nothing is ever written into the browser's storage.
import "./keys.js";
import { say } from "./say.js";

for (const form of document.querySelectorAll("[data-theme-choice]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    document.documentElement.dataset.theme = body.get("theme");
    for (const button of document.querySelectorAll("[data-theme-choice] button")) {
      button.setAttribute("aria-pressed", String(button.value === body.get("theme")));
    }
    fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
  });
}

document.querySelector("[data-errors]")?.focus();
const notice = document.querySelector("[data-announce]");
if (notice) say(notice.textContent.trim());

for (const button of document.querySelectorAll("[data-opens]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}
// A form is sent once, however often its button is pressed. Where the answer is a file the page
// stays, and so the form can be sent again when a second press can no longer be a slip.
const SLIP = 1000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  if (event.submitter?.matches("[data-takes]")) setTimeout(() => delete form.dataset.sent, SLIP);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});
