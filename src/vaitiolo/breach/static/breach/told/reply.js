// Sends something in: sealed by the house as it arrives. What was typed stays until it has arrived.
"use strict";
{
  const told = (globalThis.told ??= {});
  const LARGEST = 10 * 1024 * 1024;
  const SAID = { 204: "reply_sent", 413: "reply_large", 429: "reply_many" };

  function bodyOf(tongue, form, opened) {
    const words = form.querySelector("textarea").value.trim();
    const [file] = form.querySelector("[type=file]").files;
    const kind = form.querySelector("[name=kind]:checked").value;
    const isFile = kind === "evidence" && file;
    if (!words && !isFile && kind !== "silence") return { wrong: "reply_empty" };
    if (isFile && file.size > LARGEST) return { wrong: "reply_large" };
    const { name, reference } = opened.page;
    const body = new FormData();
    body.set("token", told.hex(opened.keys.token));
    body.set("kind", kind);
    body.set("words", JSON.stringify({ name, reference, language: tongue.language, words }));
    // The name of a file may tell more than the file: it is not sent.
    if (isFile) body.set("file", new Blob([file], { type: "application/octet-stream" }), "file");
    return { body };
  }

  async function send(body) {
    try {
      const answer = await fetch("reply/", { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer" });
      return SAID[answer.status] ?? "reply_away";
    } catch {
      return "reply_away";
    }
  }

  told.offerReply = (tongue, opened) => {
    const section = tongue.at("reply");
    section.hidden = false;
    const isCopy = document.body.dataset.copy === "yes";
    tongue.at("reply-copy").hidden = !isCopy;
    const form = tongue.at("reply-form");
    form.hidden = isCopy;
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (form.dataset.busy) return;
      form.dataset.busy = "yes";
      const { body, wrong } = bodyOf(tongue, form, opened);
      const said = wrong ?? (await send(body));
      told.answer(tongue.at("reply-says"), tongue.say(said), said === "reply_sent");
      if (said === "reply_sent") form.reset();
      delete form.dataset.busy;
    };
  };

  told.answer = (place, text, isFine, ...more) => {
    place.classList.toggle("bad", !isFine);
    place.classList.toggle("fine", isFine);
    place.replaceChildren(told.make("span", {}, text), ...more);
  };
}
