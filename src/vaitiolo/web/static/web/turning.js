// Goes on with exchanging keys, a little at a time, while a page is looked at and nobody types.
// Leaving the page stops it; the next page, or a colleague's, goes on from where it stands.
const form = document.querySelector("[data-turning]");
const QUIET = 3000;
const LONGEST = 300_000;
const since = Date.now();
let most = 0;
let typed = 0;

function tell(words, left) {
  const done = String(most - left);
  form.querySelector("[data-turning-says]").textContent = words
    .replace("{done}", done)
    .replace("{all}", String(most));
}

function show({ left, wait }) {
  most = Math.max(most, left);
  form.hidden = most === 0;
  tell(left === 0 ? form.dataset.over : wait ? form.dataset.waits : form.dataset.says, left);
}

function rests() {
  const busy = Date.now() - typed < QUIET;
  return busy || document.visibilityState !== "visible" || document.querySelector("dialog[open]");
}

async function step() {
  if (!form.isConnected) return;
  // A page that nobody uses must not keep a session awake.
  if (Date.now() - Math.max(since, typed) > LONGEST) return;
  if (rests()) {
    setTimeout(step, QUIET);
    return;
  }
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    redirect: "manual",
    headers: { Accept: "application/json" },
  }).catch(() => null);
  if (!answer?.ok) return;
  const progress = await answer.json();
  show(progress);
  if (progress.left) setTimeout(step, progress.wait ? progress.wait * 1000 : 200);
}

document.addEventListener("input", () => {
  typed = Date.now();
});
if (form) setTimeout(step, QUIET);
