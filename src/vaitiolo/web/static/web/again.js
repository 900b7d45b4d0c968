// On the page that says the keys are away: asks again every few seconds, as long as it is looked at.
const seconds = Number(document.querySelector("[data-again]")?.dataset.again) || 5;

setInterval(() => {
  if (document.visibilityState === "visible" && navigator.onLine) location.reload();
}, seconds * 1000);
