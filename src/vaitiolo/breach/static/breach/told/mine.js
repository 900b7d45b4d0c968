// Shows what of mine: each tier by itself, from what is worst to what is best, and never merged.
"use strict";
{
  const told = (globalThis.told ??= {});
  const TIERS = ["published", "taken", "could", "not-found"];
  const key = (text) => text.replaceAll("-", "_");
  const MONTHS = { "1m": 1, "6m": 6, "24m": 24 };

  function lineOf(tongue, part) {
    // Of personal details there is one set, and what was in it is listed below.
    const isIdentity = part.part === "identity";
    const kinds = part.kinds.filter((kind) => kind !== "identity").map((kind) => tongue.say(`kind_${key(kind)}`));
    const said = [tongue.say(`part_${part.part}`) + (kinds.length ? `: ${[...new Set(kinds)].join(", ")}` : "")];
    if (part.count && !isIdentity) said.push(tongue.say("count", { count: part.count }));
    if (part.first && part.last)
      said.push(tongue.say("dates", { first: tongue.day(part.first), last: tongue.day(part.last) }));
    return said.join("; ");
  }

  function tierOf(tongue, tier, parts) {
    return told.make(
      "div",
      { className: `tier ${tier}` },
      told.make("h3", {}, tongue.say(`tier_${key(tier)}`)),
      told.make("p", { className: "hint" }, tongue.say(`tier_${key(tier)}_help`)),
      tongue.list(parts.map((part) => lineOf(tongue, part))),
    );
  }

  function fieldsOf(tongue, fields) {
    if (!fields.length) return [told.make("p", {}, tongue.say("fields_none"))];
    const names = fields.map((field) => tongue.say(`field_${key(field)}`));
    return [told.make("p", {}, tongue.say("fields")), tongue.list(names)];
  }

  // The same day some months on; where a month has no such day, its last one.
  function later(day, word) {
    const [year, month, date] = day.split("-").map(Number);
    if (word === "1w") return new Date(Date.UTC(year, month - 1, date + 7)).toISOString().slice(0, 10);
    const last = new Date(Date.UTC(year, month + MONTHS[word], 0)).getUTCDate();
    const there = new Date(Date.UTC(year, month - 1 + MONTHS[word], Math.min(date, last)));
    return there.toISOString().slice(0, 10);
  }

  function showAround(tongue, page) {
    tongue.at("hello").textContent = tongue.say("hello", { name: page.name });
    const day = tongue.day(page.told_on);
    tongue.at("reference").textContent = tongue.say("reference", { reference: page.reference, day });
    tongue.at("when").textContent = tongue.say(page.happened_from === page.happened_to ? "when_day" : "when", {
      first: tongue.day(page.happened_from),
      last: tongue.day(page.happened_to),
      known: tongue.day(page.known_since),
    });
    tongue.fill("ask", page.contact);
    const ahead = ["1w", "1m", "6m", "24m"].map((word) =>
      told.make("li", {}, tongue.say(`ahead_${word}`, { day: tongue.day(later(page.told_on, word)) })),
    );
    tongue.fill("ahead", ...ahead);
    const sent = page.messages.map((one) =>
      told.make("li", {}, `${tongue.say(`channel_${one.channel}`)}: ${tongue.day(one.on)}`),
    );
    tongue.fill("messages", ...(sent.length ? sent : [told.make("li", {}, tongue.say("messages_none"))]));
  }

  told.showMine = (tongue, page) => {
    const tiers = TIERS.map((tier) => [tier, page.parts.filter((part) => part.tier === tier)]);
    const shown = tiers.filter(([, parts]) => parts.length).map(([tier, parts]) => tierOf(tongue, tier, parts));
    tongue.fill("mine", ...shown, ...fieldsOf(tongue, page.fields));
    const untouched = page.untouched.map((one) => tongue.say(`untouched_${key(one)}`));
    tongue.fill(
      "not-mine",
      untouched.length ? tongue.list(untouched) : told.make("p", {}, tongue.say("not_mine_none")),
    );
    showAround(tongue, page);
    tongue.at("page").hidden = false;
  };
}
