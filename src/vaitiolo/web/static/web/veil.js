// Takes the page away when nobody is there: after a quarter of an hour without a key, mouse or touch
// in any window of this browser, when the server says that the session has ended, and at once by
// Ctrl+Shift+L. It removes what was shown instead of covering it, and keeps nothing in the browser's
// storage. Words that could not be saved stay in this module's memory until their author is back.
import { Asking } from "./passkeys.js";

const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];
const TOLD_EVERY = 60_000; // the server hears of a hand on the page so often, and never without one
const SHARED_EVERY = 1_000;
const ASKING = 400; // for another window, in which somebody may be working
const GRACE = 1_000; // for the drafts of other windows, before the session ends
const PATIENCE = 12_000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

class Veil {
  constructor(template) {
    this.template = template;
    this.says = template.dataset;
    this.who = template.content.querySelector("[name=was]").value;
    this.token = template.content.querySelector("[name=csrfmiddlewaretoken]").value;
    this.there = location.pathname + location.search;
    this.idle = Number(document.body.dataset.idleSeconds) * 1000;
    this.last = Date.now();
    this.told = this.last;
    this.shared = this.last;
    this.left = [];
    this.channel = new BroadcastChannel("vaitiolo-here");
    this.channel.addEventListener("message", ({ data }) => this.heard(data));
    this.post({ at: this.last, isNew: true });
    this.listen();
    this.arm();
  }

  listen() {
    for (const sign of SIGNS) {
      addEventListener(sign, (event) => event.isTrusted && this.alive(), { capture: true, passive: true });
    }
    // A laptop that slept, or a window that was frozen, looks at the clock before anything else.
    for (const wake of ["focus", "online"]) addEventListener(wake, () => this.look());
    for (const wake of ["visibilitychange", "resume"]) document.addEventListener(wake, () => this.look());
    addEventListener("pagehide", (event) => event.persisted && this.putAway());
    addEventListener("pageshow", (event) => (event.persisted ? this.takenOut() : this.look()));
    addEventListener("signed-out", () => this.veil());
    addEventListener("beforeunload", (event) => this.left.length && event.preventDefault());
    addEventListener("keydown", (event) => this.pressed(event), { capture: true });
    for (const button of document.querySelectorAll("[data-lock]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.veil({ leaves: true }));
    }
    for (const form of document.querySelectorAll("[data-ends-session]")) {
      form.addEventListener("submit", () => this.post({ lock: true }));
    }
  }

  /** Tells the other windows of this browser. */
  post(words) {
    this.channel.postMessage({ who: this.who, ...words });
  }

  pressed(event) {
    if (this.veiled) event.stopImmediatePropagation(); // the page's own keys have nothing to act on
    if (event.key.toLowerCase() !== "l" || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.veil({ leaves: true });
  }

  alive() {
    const now = Date.now();
    if (this.veiled) return;
    if (now - this.last >= this.idle) {
      this.look(); // the first touch after a long sleep is not a sign that somebody was there
      return;
    }
    this.last = now;
    if (now - this.shared >= SHARED_EVERY) {
      this.shared = now;
      this.post({ at: now });
    }
    if (now - this.told >= TOLD_EVERY) this.tell(now);
  }

  /** Keeps the session awake while somebody reads. */
  async tell(now) {
    this.told = now;
    const answer = await this.ask(this.says.hereUrl).catch(() => null);
    if (answer?.status === 401) this.veil();
  }

  ask(url) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    return fetch(url, { method: "POST", headers, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  }

  arm() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(this.last + this.idle - Date.now(), 0));
  }

  /** Compares with the clock, which goes on while timers stand still; asks the other windows first. */
  async look() {
    if (this.veiled || this.looking) return;
    if (Date.now() - this.last >= this.idle) {
      this.looking = true;
      this.post({ ask: true });
      await pause(ASKING);
      this.looking = false;
      if (Date.now() - this.last >= this.idle) {
        this.veil({ leaves: true });
        return;
      }
    }
    this.arm();
  }

  heard({ at = 0, who, isNew = false, ask = false, lock = false }) {
    if (who !== this.who) {
      if (isNew) this.veil(); // somebody else has signed in in this browser
    } else if (this.veiled) {
      if (isNew) this.heardNew();
    } else if (lock) this.veil();
    else if (ask) this.post({ at: this.last });
    else if (at > this.last && at <= Date.now()) this.last = at;
  }

  /** The same person has a new page in another window: is back, or opened it just before the session ends. */
  heardNew() {
    if (this.isLeaving) this.post({ lock: true });
    else if (!this.entering) this.enter(this.there);
  }

  /** Begins to save what is being written, and takes the page away in the same breath. */
  async veil({ leaves = false } = {}) {
    if (this.veiled) return;
    this.veiled = true;
    clearTimeout(this.timer);
    const drafts = [];
    dispatchEvent(new CustomEvent("veil", { detail: drafts }));
    const isLost = this.hasUnsent();
    this.takeAway();
    this.post({ lock: true });
    if (isLost) this.tellHere(this.says.lost);
    this.isLeaving = leaves;
    this.leaving = this.settle(drafts, leaves);
    await this.leaving;
    this.isLeaving = false;
  }

  async settle(drafts, leaves) {
    this.left = (await Promise.all(drafts)).filter(Boolean);
    if (this.left.length) {
      this.tellHere(this.says.left);
      document.querySelector("[data-veil-other]").target = "_blank";
    }
    if (!leaves) return;
    await pause(GRACE);
    const answer = await this.ask(this.says.signOutUrl).catch(() => null);
    if (!answer?.ok && answer?.status !== 401) this.tellHere(this.says.stillIn);
  }

  hasUnsent() {
    const boxes = document.querySelectorAll("form[method=post]:not([data-editor]) :is(textarea, input:not([type=hidden], [type=password]))");
    return [...boxes].some((box) => box.value !== box.defaultValue || Boolean(box.checked) !== Boolean(box.defaultChecked));
  }

  takeAway() {
    // An editor empties its own box, once its words have arrived.
    for (const box of document.querySelectorAll("input:not([type=hidden]), textarea:not([data-editor-text])")) {
      box.value = "";
    }
    getSelection()?.removeAllRanges();
    history.replaceState(null, "");
    document.title = this.says.title;
    document.body.className = "narrow-page";
    const status = document.getElementById("status"); // what is said aloud goes on being said there
    status.textContent = "";
    document.body.replaceChildren(status, this.template.content.cloneNode(true));
    this.form = document.querySelector("[data-veil-form]");
    this.form.elements.next.value = this.there;
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.addEventListener("touched", (event) => this.touched(event));
    this.asking = new Asking(this.form);
    document.querySelector("[data-veil-other]").search = new URLSearchParams({ next: this.there });
    this.form.elements.name.focus();
  }

  tellHere(words) {
    const line = document.createElement("p");
    line.className = "notice warn";
    line.textContent = words;
    document.querySelector("[data-veil-says]")?.append(line);
    return line;
  }

  submitted(event) {
    event.preventDefault();
    const asksKey = event.submitter?.matches("[data-touch-button]");
    if (this.isIn) this.unlock(null);
    else if (!asksKey) this.unlock(new FormData(this.form, event.submitter));
  }

  /** A key has answered: what it gave goes with the form, once. */
  touched(event) {
    event.preventDefault();
    const body = new FormData(this.form);
    delete this.form.dataset.sent;
    this.form.querySelector("input[name=way]")?.remove();
    for (const name of ["assertion", "prf"]) this.form.querySelector(`input[name=${name}]`).value = "";
    this.unlock(body);
  }

  async unlock(body) {
    if (this.entering) return;
    this.entering = true;
    document.querySelector("[data-veil-says]").replaceChildren();
    this.form.elements.password.value = "";
    await this.leaving; // or the session that begins now would be the one that is ended
    const said = this.isIn ? { next: this.there } : await this.signIn(body);
    if (said.next) await this.enter(said.next);
    else this.refused(said);
    this.entering = false;
  }

  async signIn(body) {
    const headers = { Accept: "application/json" };
    const signal = AbortSignal.timeout(2 * PATIENCE);
    return fetch(this.form.action, { method: "POST", body, headers, redirect: "error", signal })
      .then((answer) => answer.json())
      .catch(() => ({}));
  }

  refused({ message }) {
    this.tellHere(message || this.says.failed);
    this.form.elements.password.focus();
  }

  /** Opens the same page again, with the caret where it was; somebody else is led to the first page. */
  async enter(next) {
    const isSame = next === this.there;
    if (!isSame && this.left.length) {
      const link = Object.assign(document.createElement("a"), { href: next, target: "_blank", rel: "noopener" });
      link.textContent = this.says.anotherLink;
      this.tellHere(`${this.says.another} `).append(link);
      return;
    }
    if (isSame) await this.saveLeft();
    if (isSame && this.left.length) this.tellHere(this.isIn ? this.says.notSaved : this.says.left);
    else location.replace(next);
  }

  async saveLeft() {
    const answers = await Promise.all(this.left.map((draft) => draft.save().catch(() => 0)));
    this.isIn = !answers.includes(401);
    // After 409 both texts are kept, beside each other.
    this.left = this.left.filter((_draft, number) => answers[number] !== 200 && answers[number] !== 409);
  }

  /** What a browser puts by, to show it again at "back", has nothing of a record in it. */
  putAway() {
    if (this.veiled) return;
    document.title = this.says.title;
    document.body.replaceChildren();
  }

  takenOut() {
    if (!this.left.length) location.replace(this.there);
  }
}

const template = document.querySelector("template[data-veil]");
if (template) new Veil(template);
