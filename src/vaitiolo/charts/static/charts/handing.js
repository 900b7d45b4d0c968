// Gives one answer to all of a caseload who are shown, and counts who is chosen. What narrows it by
// name is narrow.js.
// Without this module the list is whole, and each patient is answered for.
const form = document.querySelector("[data-handing]");

class Caseload {
  constructor(form) {
    this.rows = [...form.querySelectorAll("[data-narrowed]")];
    this.says = form.querySelector("[data-handing-says]");
    const all = form.querySelector("[data-handing-all]");
    all.addEventListener("change", () => {
      this.answer(all.value);
      all.value = "";
    });
    form.addEventListener("change", () => this.count());
    addEventListener("pageshow", () => this.count());
  }

  answer(value) {
    if (!value) return;
    for (const row of this.rows) {
      if (!row.hidden) row.querySelector("select").value = value;
    }
    this.count();
  }

  count() {
    const chosen = this.rows.filter((row) => row.querySelector("select").value !== "stays");
    this.says.textContent = this.says.dataset.handingSays.replace("{number}", String(chosen.length));
  }
}

if (form) new Caseload(form);
