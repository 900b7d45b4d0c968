// Goes on with long work, a little at a time, while a page is looked at and nobody types: exchanging
// keys, handing patients over. Leaving the page stops it; the next one goes on from where it stands.
const QUIET = 3000;
const LONGEST = 300_000;
let typed = 0;

document.addEventListener("input", () => {
  typed = Date.now();
});

class Work {
  constructor(form) {
    this.form = form;
    this.says = form.querySelector("[data-turning-says]");
    this.since = Date.now();
    this.most = 0;
    // A form that is shown from the start counts the piece that its first request has done.
    this.first = form.hidden ? 0 : 1;
    this.next(form.hidden ? QUIET : 0);
  }

  next(pause) {
    setTimeout(() => this.step(), pause);
  }

  get isTooLong() {
    // A page that nobody uses must not keep a session awake.
    return Date.now() - Math.max(this.since, typed) > LONGEST;
  }

  get rests() {
    const isBusy = Date.now() - typed < QUIET;
    return isBusy || document.visibilityState !== "visible" || document.querySelector("dialog[open]");
  }

  show({ left, wait }) {
    const { says, waits, over } = this.form.dataset;
    this.most = Math.max(this.most, left + this.first);
    if (left) this.form.hidden = false;
    const words = left === 0 ? over : wait ? waits : says;
    this.says.textContent = words
      .replace("{done}", String(this.most - left))
      .replace("{all}", String(this.most));
  }

  async step() {
    if (!this.form.isConnected || this.isTooLong) return;
    if (this.rests) {
      this.next(QUIET);
      return;
    }
    const answer = await fetch(this.form.action, {
      method: "POST",
      body: new FormData(this.form),
      redirect: "manual",
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer?.ok) return;
    const progress = await answer.json();
    this.show(progress);
    if (progress.left) this.next(progress.wait ? progress.wait * 1000 : 200);
    else if (this.form.dataset.then) location.assign(this.form.dataset.then);
  }
}

for (const form of document.querySelectorAll("[data-turning]")) new Work(form);
