// Shows, of the question's fields, those that belong to what was lost. Without it all are there.
const form = document.querySelector("[data-scope]");
const loss = form?.querySelector("select[name=loss]");

function show() {
  for (const part of form.querySelectorAll("[data-of]")) {
    const wrong = part.querySelector(".wrong");
    part.hidden = !wrong && !part.dataset.of.split(" ").includes(loss.value);
  }
}

if (loss) {
  loss.addEventListener("change", show);
  show();
}
