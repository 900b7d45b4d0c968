// Finds while one types. The words go in the body of a POST and never into an address; an older
// question is dropped when a newer one is asked. Without this module the form finds by its button.
import { say } from "./say.js";

const PAUSE = 180;
const PATIENCE = 15_000;

class Find {
  constructor(place) {
    this.place = place;
    this.form = place.querySelector("form");
    this.box = place.querySelector("[data-find-words]");
    this.results = place.querySelector("[data-find-results]");
    this.asked = this.box.value.trim();
    this.question = 0;
    this.box.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.timer);
      this.asked = null;
      this.ask();
    });
  }

  async ask() {
    const words = this.box.value.trim();
    if (words === this.asked) return;
    this.asked = words;
    this.running?.abort();
    this.running = new AbortController();
    const mine = ++this.question;
    this.place.setAttribute("aria-busy", "true");
    const html = await this.answer(AbortSignal.any([this.running.signal, AbortSignal.timeout(PATIENCE)]));
    if (mine !== this.question) return;
    this.place.removeAttribute("aria-busy");
    if (html !== null) this.results.innerHTML = html;
    say(this.results.querySelector("[data-count]")?.textContent.trim() ?? "");
  }

  /** Returns what was found as HTML; null, and the words why on the page, when nothing came. */
  async answer(signal) {
    const body = new FormData(this.form);
    const headers = { "X-Fragment": "results", Accept: "application/json" };
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers, redirect: "error", signal });
      if (answer.ok) return await answer.text();
      if (answer.status === 401) dispatchEvent(new Event("signed-out"));
      this.fall((await answer.json()).message);
    } catch (error) {
      if (error.name !== "AbortError") this.fall(this.place.dataset.failed);
    }
    return null;
  }

  fall(words) {
    this.asked = null;
    const line = document.createElement("p");
    line.className = "hint";
    line.dataset.count = "";
    line.textContent = words;
    this.results.replaceChildren(line);
  }
}

for (const place of document.querySelectorAll("[data-find]")) new Find(place);
