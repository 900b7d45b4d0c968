// Narrows a list of names while one types. Without this module the list is whole; nothing is asked.
const plain = (words) => words.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").trim();

function narrow(box) {
  const rows = [...document.querySelectorAll("[data-narrowed]")];
  const names = rows.map((row) => plain(row.querySelector("[data-narrowed-name]").textContent));
  const says = document.querySelector("[data-narrow-says]");
  box.closest("[hidden]")?.removeAttribute("hidden");
  box.addEventListener("input", () => {
    const words = plain(box.value);
    rows.forEach((row, at) => {
      row.hidden = !names[at].includes(words);
    });
    const shown = rows.filter((row) => !row.hidden).length;
    if (says) says.textContent = says.dataset.narrowSays.replace("{number}", String(shown));
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // or a form around it would be sent half answered
  });
}

for (const box of document.querySelectorAll("[data-narrow]")) narrow(box);
