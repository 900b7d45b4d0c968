// Writes the notices of a telling step by step while somebody looks on, and says how far it is. What
// is written is kept by the server after each step: stopping, or closing the page, loses nothing.
// Without this module the same button writes one step at a time.
const PATIENCE = 120_000;
// Nothing asks the server by itself for longer than a session may stand unused.
const AT_A_STRETCH = 14 * 60_000;
const A_MINUTE = 60_000;

class Writing {
  constructor(form) {
    this.form = form;
    this.place = document.querySelector("[data-written]");
    this.progress = this.place.querySelector("progress");
    this.button = form.querySelector("[type=submit]");
    this.stop = form.querySelector("[data-stop]");
    form.addEventListener("submit", (event) => this.submitted(event));
    this.stop.addEventListener("click", () => { this.stopped = true; this.stop.disabled = true; });
  }

  async submitted(event) {
    event.preventDefault();
    if (this.busy) return;
    this.begin();
    try {
      while (!this.isOver()) await this.writeOn();
      this.show(this.words(this.result()));
      if (this.done >= this.total) location.reload();
    } catch (fault) {
      this.show(fault.message === "told" ? fault.cause : this.words("failed"));
    }
    this.end();
  }

  begin() {
    this.busy = true;
    this.stopped = false;
    this.place.hidden = false;
    this.stop.hidden = false;
    this.stop.disabled = false;
    this.button.disabled = true;
    this.total = this.progress.max;
    this.done = this.first = this.progress.value;
    this.began = Date.now();
    this.show(this.words("begun"));
  }

  end() {
    this.busy = false;
    this.stop.hidden = true;
    this.button.disabled = false;
  }

  isOver() {
    return this.stopped || this.done >= this.total || Date.now() > this.began + AT_A_STRETCH;
  }

  result() {
    if (this.done >= this.total) return "all";
    return this.stopped ? "stopped" : "paused";
  }

  async writeOn() {
    const answer = await fetch(this.form.action, {
      method: "POST",
      body: new FormData(this.form),
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 401) dispatchEvent(new Event("signed-out"));
    const said = await answer.json();
    if (!answer.ok) throw new Error("told", { cause: said.message });
    this.done = said.done;
    this.total = said.total;
    this.form.elements.start.value = said.done;
    this.show(this.words("now"));
  }

  minutes() {
    const made = this.done - this.first;
    if (!made) return "…";
    return Math.max(1, Math.ceil((Date.now() - this.began) / made * (this.total - this.done) / A_MINUTE));
  }

  show(words) {
    this.progress.max = this.total;
    this.progress.value = this.done;
    this.place.querySelector("[data-says]").textContent = words;
  }

  words(name) {
    return this.form.dataset[name]
      .replace("{done}", this.done)
      .replace("{total}", this.total)
      .replace("{minutes}", this.minutes());
  }
}

for (const form of document.querySelectorAll("form[data-writing]")) new Writing(form);
