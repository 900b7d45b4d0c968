// Looks whether the registrar has signed, while the eight words are shown. It reads one word of state
// and never the page's own words; when the state changes, the server draws the next page.
const EVERY = 3_000;
const PATIENCE = 10_000;

const place = document.querySelector("[data-waiting]");

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(place.dataset.waiting, {
        headers: { Accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok && (await answer.json()).state !== "waiting") {
        location.reload();
        return;
      }
    } catch {
      // The way there is broken just now; the link on the page looks again.
    }
  }
  setTimeout(look, EVERY);
}

if (place) setTimeout(look, EVERY);
