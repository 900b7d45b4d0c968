// The keyboard: j and k move over rows, Enter opens (the link's own), Esc goes back to the list,
// "/" finds, "?" shows the keys. Single keys can be turned off (WCAG 2.1.4); Esc stays.
const single = document.documentElement.dataset.keys !== "off";
const dialog = document.getElementById("keys");

function writing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  const row = rows[next];
  (row.matches("a, button") ? row : row.querySelector("a, button"))?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function find() {
  const box = document.querySelector("[data-find-words]");
  const page = document.querySelector("[data-find-page]");
  if (box) {
    box.focus();
    box.select();
  } else if (page) page.click();
}

const plain = {
  j: () => move(1),
  k: () => move(-1),
  "/": find,
  "?": () => dialog?.showModal(),
};

function back(event) {
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  const box = event.target;
  if (box instanceof HTMLElement && box.matches("[data-find-words]") && box.value) return;
  // What is being written in a form that does not save itself must not vanish with one key.
  if (writing(box) && !box.matches("[data-editor-text], [data-find-words]")) {
    box.blur();
    return;
  }
  document.querySelector("a[data-back]")?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    back(event);
    return;
  }
  const act = plain[event.key];
  if (!act || !single || writing(event.target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
});

// From the find box, the arrow leads into what was found.
document.addEventListener("keydown", (event) => {
  const inside = event.target instanceof Element && event.target.closest("[data-find]");
  if (!inside || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  move(event.key === "ArrowDown" ? 1 : -1);
});

for (const button of document.querySelectorAll("[data-opens-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
