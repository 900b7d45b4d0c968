// Shows the advice that is for this reader, and which help lines are open now.
// The rules are those of notices/advice.py: nobody reads of identity codes whose own did not get out.
"use strict";
{
  const told = (globalThis.told ??= {});
  const ALWAYS = ["everyone", "extorted"];
  const IDENTITY_CODE = "identity_code_leaked";
  const split = (text, by = " ") => text.split(by).filter(Boolean);

  told.audiencesOf = (page) => {
    const named = [...ALWAYS, ...page.audiences].filter((one) => one !== IDENTITY_CODE);
    return new Set(page.fields.includes("identity-code") ? [...named, IDENTITY_CODE] : named);
  };

  function fits(item, audiences, fields) {
    const needed = split(item.dataset.fields);
    return (
      split(item.dataset.audience).some((one) => audiences.has(one)) &&
      (!needed.length || needed.some((one) => fields.includes(one)))
    );
  }

  told.showAdvice = (tongue, page) => {
    const audiences = told.audiencesOf(page);
    for (const item of tongue.root.querySelectorAll("[data-item]"))
      item.hidden = !fits(item, audiences, page.fields);
    for (const group of tongue.root.querySelectorAll("[data-group]"))
      group.hidden = !group.querySelector("[data-item]:not([hidden])");
    const threatened = page.audiences.includes("extorted");
    const first = tongue.root.querySelector("[data-group]");
    if (!threatened) return;
    const urgent = tongue.root.querySelector('[data-group="extortion"]');
    first.before(urgent);
    urgent.prepend(tongue.root.querySelector("[data-lead]"));
  };

  // Open lines in the reader's own language come first; what is open in any language comes before closed ones.
  told.showLines = (tongue, at = new Date()) => {
    const list = tongue.at("help").querySelector(".lines");
    const known = [...list.querySelectorAll("[data-line]")].map((item) => {
      const spans = split(item.dataset.open, ",");
      const open = told.isOpen(spans, at);
      const tag = item.querySelector("[data-now]");
      tag.textContent = spans.length ? tongue.say(open ? "open_now" : "closed_now") : "";
      tag.classList.toggle("on", open);
      const languages = split(item.dataset.languages);
      const own = languages.includes(tongue.language);
      const forAll = open && !languages.length;
      return { item, open, own, rank: (own || forAll ? 2 : 0) + (open ? 1 : 0) + (own && open ? 1 : 0) };
    });
    tongue.at("none-open").hidden = known.some((line) => line.open && line.own);
    const ranks = new Map(known.map(({ item, rank }) => [item, rank]));
    const items = [...list.children].sort((one, other) => (ranks.get(other) ?? -1) - (ranks.get(one) ?? -1));
    list.append(...items);
  };
}
