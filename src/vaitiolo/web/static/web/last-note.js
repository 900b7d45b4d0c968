// The last note beside the new one: one key, or one touch, copies a paragraph over.
import { say } from "./say.js";

export class LastNote {
  constructor(pane, editor, says) {
    this.editor = editor;
    this.says = says;
    this.lines = [...pane.querySelectorAll("p, li")].filter((line) => line.textContent.trim());
    this.at = 0;
    for (const line of this.lines) this.addButton(line);
    if (this.lines.length) document.addEventListener("keydown", (event) => this.pressed(event));
  }

  addButton(line) {
    line.dataset.words = line.innerText.trim();
    line.classList.add("copy-line");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.title = this.says.copy;
    button.setAttribute("aria-label", this.says.copy);
    button.append(document.querySelector("[data-copy-icon]").content.cloneNode(true));
    button.addEventListener("click", () => this.copy(this.lines.indexOf(line)));
    line.append(button);
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "F2" && !event.altKey) {
      event.preventDefault();
      this.copy(this.at);
      this.mark(Math.min(this.at + 1, this.lines.length - 1));
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = this.marked ? (event.key === "ArrowDown" ? 1 : -1) : 0;
      this.mark(Math.min(Math.max(this.at + step, 0), this.lines.length - 1));
      say(this.lines[this.at].dataset.words);
    }
  }

  mark(at) {
    this.lines[this.at].classList.remove("marked");
    this.at = at;
    this.marked = true;
    this.lines[at].classList.add("marked");
    this.lines[at].scrollIntoView({ block: "nearest" });
  }

  copy(at) {
    const { area } = this.editor;
    const before = area.value.slice(0, area.selectionStart);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    // On a phone the note lies behind its tab; the words must land where one can see them.
    const tab = document.querySelector("[data-pair-main]");
    if (tab) tab.checked = true;
    this.editor.insert(`${gap}${this.lines[at].dataset.words}`);
    say(this.says.copied);
  }
}
