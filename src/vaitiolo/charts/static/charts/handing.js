// Narrows a caseload by name, gives one answer to all who are shown, and counts who is chosen.
// Without this module the list is whole, and each patient is answered for.
const form = document.querySelector("[data-handing]");

const plain = (words) => words.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").trim();

class Caseload {
  constructor(form) {
    this.rows = [...form.querySelectorAll("[data-answer]")];
    this.says = form.querySelector("[data-handing-says]");
    const narrow = form.querySelector("[data-handing-narrow]");
    const all = form.querySelector("[data-handing-all]");
    form.querySelector("[data-handing-tools]").hidden = false;
    narrow.addEventListener("input", () => this.narrow(plain(narrow.value)));
    narrow.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // or the form would be sent half answered
    });
    all.addEventListener("change", () => {
      this.answer(all.value);
      all.value = "";
    });
    form.addEventListener("change", () => this.count());
    addEventListener("pageshow", () => this.count());
  }

  narrow(words) {
    for (const row of this.rows) {
      row.hidden = !plain(row.querySelector("label").textContent).includes(words);
    }
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
