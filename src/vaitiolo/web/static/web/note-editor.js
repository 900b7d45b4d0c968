// The note editor. It saves under seal at each pause, says plainly what is saved and until when, and
// signs. It keeps the words in the page alone: nothing goes into the browser's storage.
// What it asks and what it understands as an answer stands in README.md of this room.
import { LastNote } from "./last-note.js";
import { Seal } from "./seal-line.js";

const PAUSE = 800; // after the last key
const LONGEST = 3_000; // while somebody types without a pause
const PATIENCE = 12_000;
const RETRIES = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const KEEPALIVE_BYTES = 60_000; // the browser refuses to send more while a page is left

const TOLD = { 401: "signedOut", 403: "refused", 409: "conflict", 413: "long", 503: "away" };
// After these, asking again with the same words would get the same answer.
const FINAL = new Set(["refused", "long", "conflict"]);

function troubleOf(status) {
  return TOLD[status] ?? (status >= 500 ? "failed" : "refused");
}

class Editor {
  constructor(form) {
    this.form = form;
    this.area = form.querySelector("[data-editor-text]");
    this.version = form.dataset.version;
    this.url = form.dataset.saveUrl;
    this.saved = this.area.value;
    this.window = crypto.randomUUID();
    this.tries = 0;
    this.trouble = "";
    this.seal = new Seal(form);
    this.restoreCaret();
    this.listen();
    this.grow();
  }

  get unsaved() {
    return this.area.value !== this.saved;
  }

  restoreCaret() {
    const caret = Math.min(Number(this.form.dataset.caret) || 0, this.area.value.length);
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(caret, caret);
  }

  listen() {
    this.area.addEventListener("input", () => this.written());
    this.area.addEventListener("blur", () => this.save());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit(this.form.querySelector("[data-editor-sign]"));
    });
    this.form.querySelector("[data-editor-template]")?.addEventListener("change", (event) => {
      this.insertHeadings(event.target);
    });
    addEventListener("pagehide", () => this.leave());
    addEventListener("veil", (event) => event.detail.push(this.hide()));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else if (this.trouble) this.save();
    });
    addEventListener("online", () => this.trouble && this.save());
    addEventListener("beforeunload", (event) => {
      if (this.unsaved && !this.signed && (this.trouble || this.tooLongToLeave())) event.preventDefault();
    });
  }

  written() {
    this.grow();
    if (this.trouble === "long") this.trouble = "";
    if (!this.trouble) this.seal.writing(this.unsaved);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.save(), PAUSE);
    this.limit ??= setTimeout(() => this.save(), LONGEST);
  }

  /** Saves what stands here now. One question at a time; what is typed meanwhile goes with the next. */
  async save() {
    clearTimeout(this.pause);
    clearTimeout(this.limit);
    clearTimeout(this.retry);
    this.limit = undefined;
    if (this.running) {
      this.again = true;
      return this.running;
    }
    if ((!this.unsaved && !this.trouble) || FINAL.has(this.trouble) || this.signing) return undefined;
    this.running = this.send();
    await this.running;
    this.running = undefined;
    if (this.again && this.unsaved && !this.trouble) {
      this.again = false;
      return this.save();
    }
    this.again = false;
    return undefined;
  }

  async send() {
    const text = this.area.value;
    this.abort = new AbortController();
    const signal = AbortSignal.any([this.abort.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const answer = await fetch(this.url, { ...this.question(text), signal });
      await this.read(answer, text);
    } catch {
      if (!this.abort.signal.aborted) this.failed("offline");
    }
  }

  question(text) {
    const template = this.form.querySelector("[data-editor-template]")?.value ?? "";
    return {
      method: "POST",
      redirect: "error",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
      },
      body: JSON.stringify({
        text,
        caret: this.area.selectionEnd,
        template,
        version: this.version,
        window: this.window,
      }),
    };
  }

  async read(answer, text) {
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && said.version !== undefined) {
      this.version = said.version;
      this.saved = text;
      this.trouble = "";
      this.tries = 0;
      this.seal.saved(said.saved_at, this.unsaved);
      return;
    }
    if (answer.status === 409) this.part(text, said);
    else this.failed(troubleOf(answer.status), said);
  }

  /** The other window's words and these are both kept; what is written on goes into the copy. */
  part(text, said) {
    this.saved = text;
    if (!said.save_url || said.version === undefined) {
      this.failed("conflict", said);
      return;
    }
    this.url = said.save_url;
    this.version = said.version;
    this.form.action = said.sign_url ?? this.form.action;
    this.trouble = "";
    this.seal.parted(said);
  }

  failed(trouble, said = {}) {
    this.trouble = trouble;
    this.seal.trouble(trouble, said);
    if (trouble === "signedOut") dispatchEvent(new Event("signed-out"));
    if (FINAL.has(trouble)) return;
    const wait = RETRIES[Math.min(this.tries, RETRIES.length - 1)];
    this.tries += 1;
    this.retry = setTimeout(() => this.save(), wait);
  }

  tooLongToLeave() {
    return new Blob([this.area.value]).size > KEEPALIVE_BYTES;
  }

  /** The page is being left or hidden: the last words go with a request that outlives it. */
  leave() {
    if (!this.unsaved || this.signing || FINAL.has(this.trouble) || this.tooLongToLeave()) return;
    this.abort?.abort();
    const text = this.area.value;
    this.running = fetch(this.url, { ...this.question(text), keepalive: true })
      .then((answer) => this.read(answer, text))
      .catch(() => this.failed("offline"))
      .finally(() => {
        this.running = undefined;
      });
  }

  /** The page is taken away. Gives null once the words are saved, or else the means to save them later. */
  async hide() {
    this.hiding = true;
    if (this.signing) await this.asking;
    if (this.trouble !== "signedOut" && !FINAL.has(this.trouble)) this.trouble = "";
    for (let tries = 0; tries < 3 && this.unsaved && !this.trouble; tries += 1) await this.save();
    for (const timer of [this.pause, this.limit, this.retry]) clearTimeout(timer);
    const left = this.unsaved && !this.signed ? this.asLater() : null;
    this.area.value = "";
    this.saved = "";
    this.trouble = "";
    return left;
  }

  asLater() {
    const { url } = this;
    const question = this.question(this.area.value);
    return { save: async () => (await fetch(url, question)).status };
  }

  async submitted(event) {
    event.preventDefault();
    if (event.submitter?.matches("[data-editor-save]")) {
      if (this.trouble !== "conflict") this.trouble = "";
      await this.save();
      return;
    }
    if (!this.signing) await this.sign(event.submitter);
  }

  /** Signs with the full text in the form. Until the answer is there, the words stay on the page. */
  async sign(button) {
    this.signing = true;
    clearTimeout(this.pause);
    clearTimeout(this.limit);
    clearTimeout(this.retry);
    this.abort?.abort();
    this.area.readOnly = true;
    this.seal.signing();
    const { elements } = this.form;
    elements.version.value = this.version;
    elements.caret.value = this.area.selectionEnd;
    elements.window.value = this.window;
    const body = new FormData(this.form, button);
    this.asking = this.askToSign(body);
    const refused = await this.asking;
    if (!refused) return;
    this.signing = false;
    this.area.readOnly = false;
    // A plain no to signing says nothing about the draft, which goes on being saved as before.
    if (refused.trouble === "conflict") this.part(this.area.value, refused.said);
    else if (refused.trouble === "refused") this.seal.notSigned(refused.said);
    else this.failed(refused.trouble, { ...refused.said, signing: true });
  }

  async askToSign(body) {
    const headers = { Accept: "application/json" };
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers, redirect: "error" });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok && said.next) {
        this.signed = true;
        if (!this.hiding) location.assign(said.next);
        return null;
      }
      return { trouble: troubleOf(answer.status), said };
    } catch {
      return { trouble: "offline", said: {} };
    }
  }

  /** Headings replace an untouched template; otherwise they go to the end, below what was written. */
  insertHeadings(select) {
    const all = [...select.options].map((option) => option.dataset.headings.trim());
    const headings = select.selectedOptions[0].dataset.headings;
    const untouched = !this.area.value.trim() || all.includes(this.area.value.trim());
    const at = this.area.value.length;
    this.area.focus();
    this.area.setSelectionRange(untouched ? 0 : at, at);
    const gap = untouched || !headings ? "" : this.area.value.endsWith("\n") ? "\n" : "\n\n";
    if (headings || untouched) this.insert(gap + headings);
    const first = headings.indexOf("\n") + 1;
    if (untouched && first) this.area.setSelectionRange(first, first);
  }

  /** Puts words at the caret, so that the browser's own "undo" takes them back. */
  insert(words) {
    this.area.focus();
    const { selectionStart: from, selectionEnd: to } = this.area;
    const done = words ? document.execCommand("insertText", false, words) : from !== to && document.execCommand("delete");
    if (done) return;
    this.area.setRangeText(words, from, to, "end");
    this.area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + 4}px`;
  }
}

for (const form of document.querySelectorAll("[data-editor]")) {
  const editor = new Editor(form);
  const pane = document.querySelector("[data-last-note]");
  if (pane) new LastNote(pane, editor, form.querySelector("[data-editor-says]").dataset);
}
