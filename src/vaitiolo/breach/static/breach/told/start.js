// Ties the page together: the language, the code, the check of a message. Nothing is stored.
"use strict";
{
  const told = (globalThis.told ??= {});
  const LANGUAGES = ["fi", "sv", "en"];
  const tongues = LANGUAGES.map((language) => new told.Tongue(document.getElementById(language)));
  const quiets = tongues.map((tongue) => new told.Quiet(tongue));
  const current = () => tongues.find((tongue) => !tongue.root.hidden);

  function speak(language) {
    for (const tongue of tongues) tongue.root.hidden = tongue.language !== language;
    for (const link of document.querySelectorAll("[data-tongue]")) {
      if (link.dataset.tongue === language) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    document.documentElement.lang = language;
    document.title = current().root.querySelector("h1").textContent;
  }

  function firstLanguage() {
    const asked = [location.hash.slice(1), ...navigator.languages.map((one) => one.slice(0, 2))];
    return asked.find((one) => LANGUAGES.includes(one)) ?? LANGUAGES[0];
  }

  function showPage(opened) {
    told.opened = opened;
    for (const [place, tongue] of tongues.entries()) {
      told.showMine(tongue, opened.page);
      told.showAdvice(tongue, opened.page);
      told.offerCertificate(tongue, opened.page);
      told.offerReply(tongue, opened);
      tongue.at("quiet").hidden = false;
      quiets[place].show();
      settle(tongue);
    }
    current().at("hello").focus();
  }

  function showCertificate(certificate, code) {
    for (const tongue of tongues) {
      told.showCertificate(tongue, certificate, code);
      // A creditor is shown the certificate alone.
      if (!told.opened) for (const section of ["help", "check"]) tongue.at(section).hidden = true;
      settle(tongue);
    }
    const section = current().at("certificate");
    section.scrollIntoView();
    section.querySelector("h1").focus();
  }

  function settle(tongue) {
    tongue.at("door").hidden = true;
    tongue.at("close-row").hidden = false;
  }

  async function open(code) {
    const keys = await told.keysOf(code);
    const sealed = await told.findPage(keys);
    if (!sealed) return "unknown";
    let page;
    try {
      page = await told.openPage(keys, sealed);
    } catch {
      return "broken";
    }
    if (page.kind === "certificate") showCertificate(page, code);
    else showPage({ page, keys });
    return null;
  }

  async function tryToOpen(tongue, code) {
    const says = tongue.at("code-says");
    told.answer(says, tongue.say("opening"), true);
    const wrong = await open(code).catch(() => "away");
    if (wrong) told.answer(says, tongue.say(wrong), false);
    else says.replaceChildren();
  }

  function judge(tongue, field) {
    const { code, why } = told.readCode(field.value);
    const isWhole = why !== "short";
    field.setAttribute("aria-invalid", String(isWhole && !code));
    const says = tongue.at("code-says");
    if (code) told.answer(says, tongue.say("code_good"), true);
    else if (isWhole) told.answer(says, tongue.say(`code_${why}`), false);
    else says.replaceChildren();
  }

  function submitted(tongue, field) {
    const { code, why } = told.readCode(field.value);
    if (!code) {
      field.setAttribute("aria-invalid", "true");
      told.answer(tongue.at("code-says"), tongue.say(`code_${why}`), false);
      field.focus();
    } else if (!crypto.subtle) told.answer(tongue.at("code-says"), tongue.say("old_browser"), false);
    else tryToOpen(tongue, code);
  }

  async function judgeMessage(tongue, text) {
    const marks = new Set();
    for (const code of told.codesIn(text))
      for (const mark of await told.findMarks((await told.keysOf(code)).bucket)) marks.add(mark);
    return told.check(text, marks);
  }

  async function checked(tongue, text) {
    const says = tongue.at("check-says");
    const { verdict, around } = await judgeMessage(tongue, text).catch(() => ({ verdict: "away", around: [] }));
    // Our own words warn of passwords: only what was added to them is looked through.
    const foreign = verdict === "inside" ? around.join("\n") : text;
    const warnings = verdict === "ours" ? [] : told.warningsIn(foreign).map((name) => tongue.say(`warn_${name}`));
    const more = [around, warnings].filter((lines) => lines.length).map((lines) => tongue.list(lines));
    told.answer(says, tongue.say(`check_${verdict.replaceAll("-", "_")}`), verdict === "ours", ...more);
    says.dataset.verdict = verdict;
  }

  function wire(tongue) {
    for (const form of [tongue.at("code"), tongue.at("check-form")]) form.hidden = false;
    tongue.at("no-script").hidden = true;
    for (const way of ["leave", "leave-help"]) tongue.at(way).hidden = false;
    const [code, text] = [tongue.at("code").querySelector("input"), tongue.at("check-form").querySelector("textarea")];
    code.addEventListener("input", () => judge(tongue, code));
    tongue.at("code").addEventListener("submit", (event) => {
      event.preventDefault();
      submitted(tongue, code);
    });
    tongue.at("check-form").addEventListener("submit", (event) => {
      event.preventDefault();
      checked(tongue, text.value);
    });
    tongue.at("leave").addEventListener("click", () => told.leave(tongue));
    tongue.at("close").addEventListener("click", () => location.reload());
    tongue.at("print").addEventListener("click", () => print());
    tongue.at("certificate-show").addEventListener("click", () => tryToOpen(tongue, told.opened.page.certificate));
    told.showLines(tongue);
  }

  tongues.forEach(wire);
  for (const link of document.querySelectorAll("[data-tongue]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      speak(link.dataset.tongue);
    });
  told.listenForLeaving(current);
  setInterval(() => tongues.forEach((tongue) => told.showLines(tongue)), 60_000);
  speak(firstLanguage());
}
