// Goes on by itself on the page of a case: to the running case once the second officer is in, and
// through its list, some patients at a time, while somebody looks on. What comes is put into the page
// and nowhere else. Without this module a link looks again, and the form shows page after page.
const EVERY = 3_000;
const PATIENCE = 30_000;
// Nothing asks the server by itself for longer than a session may stand unused.
const AT_A_STRETCH = 14 * 60_000;

class Reading {
  constructor(form) {
    this.form = form;
    this.start = form.querySelector("[name=start]");
    this.place = document.querySelector("[data-reached]");
    this.table = this.place.querySelector("table");
    this.progress = this.place.querySelector("progress");
    this.total = this.progress.max;
    form.addEventListener("submit", (event) => this.submitted(event));
  }

  async submitted(event) {
    event.preventDefault();
    if (this.busy || !this.form.reportValidity()) return;
    this.busy = true;
    this.place.hidden = false;
    const until = Date.now() + AT_A_STRETCH;
    this.done = this.start.valueAsNumber - 1;
    this.show(this.words("now"));
    try {
      while (this.done < this.total && Date.now() < until) await this.readOn();
      this.show(this.words(this.done < this.total ? "paused" : "all"));
    } catch (fault) {
      this.show(fault.message === "told" ? fault.cause : this.words("failed"));
    }
    this.busy = false;
  }

  async readOn() {
    this.start.value = this.done + 1;
    const part = await this.ask();
    this.table.append(part);
    this.done = Number(part.dataset.done);
    // Whoever presses again goes on where this stands.
    this.start.value = Math.min(this.done + 1, this.total);
    this.show(this.words("now"));
  }

  async ask() {
    const answer = await fetch(this.form.action, {
      method: "POST",
      body: new FormData(this.form),
      headers: { "X-Fragment": "patients", Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 401) dispatchEvent(new Event("signed-out"));
    if (!answer.ok) throw new Error("told", { cause: (await answer.json()).message });
    const holder = document.createElement("table");
    holder.innerHTML = await answer.text();
    return holder.querySelector("tbody");
  }

  show(words) {
    this.progress.value = this.done;
    this.place.querySelector("[data-says]").textContent = words;
  }

  words(name) {
    return this.form.dataset[name].replace("{done}", this.done).replace("{total}", this.total);
  }
}

/** Looks whether the second officer is in, for as long as the first one's share waits. */
async function wait(place, until) {
  try {
    const answer = await fetch(place.dataset.state, {
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 401) {
      dispatchEvent(new Event("signed-out"));
      return;
    }
    if (answer.ok && (await answer.json()).state !== "waiting") {
      location.reload();
      return;
    }
  } catch {
    // The way there is broken just now; the link on the page looks again.
  }
  if (Date.now() < until) setTimeout(wait, EVERY, place, until);
}

const place = document.querySelector("[data-state]");
if (place) setTimeout(wait, EVERY, place, Date.now() + AT_A_STRETCH);
for (const form of document.querySelectorAll("form[data-reading]")) new Reading(form);
