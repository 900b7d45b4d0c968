// The line under a note that says what is under seal and until when, and the margin line beside it.
import { say } from "./say.js";

export class Seal {
  constructor(form) {
    this.line = form.querySelector("[data-editor-seal]");
    this.words = form.querySelector("[data-editor-words]");
    this.sheet = form.querySelector("[data-editor-sheet]");
    this.says = form.querySelector("[data-editor-says]").dataset;
    this.until = form.dataset.savedAt ? new Date(form.dataset.savedAt) : null;
    this.opened = new Date();
    // The practice's time, as on the rest of the page, wherever this device thinks it is.
    this.format = new Intl.DateTimeFormat("fi", { timeStyle: "medium", timeZone: form.dataset.zone });
    this.sheet.classList.add("draft");
  }

  get clock() {
    const time = this.until ?? this.opened;
    return this.format.format(time).replaceAll(":", ".");
  }

  tell(words, { unsaved = false, aloud = false } = {}) {
    const text = words.replace("{time}", this.clock);
    this.words.replaceChildren(text);
    this.line.classList.toggle("unsaved", unsaved);
    this.sheet.classList.toggle("unsaved", unsaved);
    if (aloud) say(text);
  }

  writing(unsaved) {
    if (!unsaved && this.until) this.tell(this.says.saved);
    else if (unsaved) this.tell(this.until ? this.says.writing : this.says.first);
  }

  saved(at, unsaved) {
    const wasAway = this.line.classList.contains("unsaved");
    this.until = new Date(at);
    this.told = "";
    this.tell(unsaved ? this.says.writing : this.says.saved, { aloud: wasAway });
  }

  signing() {
    this.tell(this.says.signing);
  }

  notSigned({ message = "" }) {
    const words = [this.says.notSigned, message, this.says.kept].filter(Boolean).join(" ");
    this.tell(words, { unsaved: true, aloud: true });
  }

  trouble(kind, { message = "", kept_as_url: url = "", signing = false }) {
    const words = [signing ? this.says.notSigned : "", ...this.wordsOf(kind, message)].filter(Boolean).join(" ");
    // The same trouble is said aloud once, not at each try.
    this.tell(words, { unsaved: true, aloud: kind !== this.told });
    this.told = kind;
    if (kind === "signedOut") this.link(this.says.signInUrl, this.says.signIn);
    if (url) this.link(url, this.says.conflictLink);
  }

  /** The server's own words where only it knows why; ours where they say the same and more. */
  wordsOf(kind, message) {
    if (kind === "conflict") return [message || this.says.conflict];
    return kind === "refused" || kind === "long" ? [message, this.says[kind]] : [this.says[kind]];
  }

  parted({ message = "", kept_as_url: url }) {
    this.until = new Date();
    this.tell(message || this.says.conflict, { aloud: true });
    if (url) this.link(url, this.says.conflictLink);
  }

  link(url, words) {
    if (!url) return;
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = words;
    this.words.append(" ", link);
  }
}
