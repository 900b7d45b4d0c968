// On the page that says the keys are away: asks again every few seconds, as long as it is looked at,
// and for a quarter of an hour at most: a page that nobody uses must not keep a session awake.
const LONGEST = 900_000;
const seconds = Number(document.querySelector("[data-again]")?.dataset.again) || 5;
const since = history.state?.since ?? Date.now();
history.replaceState({ since }, "");

setInterval(() => {
  if (Date.now() - since < LONGEST && document.visibilityState === "visible" && navigator.onLine) location.reload();
}, seconds * 1000);
