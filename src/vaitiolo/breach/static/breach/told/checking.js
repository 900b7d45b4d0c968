// Whether a pasted message is one of ours, told from its words alone and in this browser.
// The same as notices/checking.py, character by character: docs/formats.md, section 23.
"use strict";
{
  const told = (globalThis.told ??= {});
  const LONGEST = 20_000;
  const LEAST = 40;
  const LABEL = told.bytes("vaitiolo/1/message-mark");
  const JOINTS = ".-/:@_+";
  // Letters and digits, and what says something although it is neither; see checking.py.
  const LETTER = /^[\p{L}\p{N}\p{So}\p{Sc}\p{M}\p{Co}\u202a-\u202e\u2066-\u2069]$/u;
  const SILENT = /^[\ufe00-\ufe0f\ufffc]$/;
  const DASHES = /[\u2010-\u2014\u2212]/gu;
  const LINES = /\r\n|\r|\n/;
  const QUOTED = /^[ \t]*(?:[>|][ \t]?)+/;
  const CODE = /[0-9a-z]{5}(?:-[0-9a-z]{5}){3}/g;
  const HEADER = new RegExp(
    "^(?:from|to|cc|bcc|subject|date|sent|reply-to|message-id|lähettäjä|vastaanottaja|aihe|päiväys" +
      "|päivämäärä|lähetetty|kopio|från|till|ämne|datum|skickat|kopia):" +
      "|(?:wrote|kirjoitti|skrev):$|^-+ ?(?:original|forwarded|alkuperäinen|välitetty" +
      "|ursprungligt|vidarebefordrat) ?[a-zåäö]* ?-+$",
    "i",
  );
  const LONGEST_HEADER = 120;
  const PHONE = /(?:\+[0-9]|\b0)[0-9 ()-]{5,}[0-9]/;
  const WARNINGS = {
    link: /https?:|www\.|bit\.ly|t\.me\//i,
    money:
      /bitcoin|\bbtc\b|monero|\bxmr\b|crypto|krypto|€|\beuro|\beur\b|lunna|maksa|maksu|betal|lösen|ransom|\bpay\b|payment|iban/i,
    bank: /pankkitunnu|verkkopankk|tunnusluku|salasana|bankkod|bankid|nätbank|lösenord|bank code|bank id|online bank|password|\bpin\b/i,
  };
  const isLetter = (one) => one !== undefined && LETTER.test(one) && !SILENT.test(one);

  function keptOf(line) {
    const plain = line.replace(QUOTED, "").normalize("NFKC").toLowerCase().replace(DASHES, "-");
    return [...plain].filter((one) => isLetter(one) || JOINTS.includes(one));
  }

  // Returns the canonical text, and where each line begins and ends in it.
  function flatOf(lines) {
    const kept = [];
    const begins = [0];
    for (const line of lines) {
      kept.push(...keptOf(line));
      begins.push(kept.length);
    }
    let text = "";
    const lengths = [0];
    kept.forEach((one, place) => {
      if (isLetter(one) || (isLetter(kept[place - 1]) && isLetter(kept[place + 1]))) text += one;
      lengths.push(text.length);
    });
    return { text, edges: begins.map((place) => lengths[place]) };
  }

  function stripped(text) {
    let [start, end] = [0, text.length];
    while (start < end && JOINTS.includes(text[start])) start += 1;
    while (end > start && JOINTS.includes(text[end - 1])) end -= 1;
    return text.slice(start, end);
  }

  const markOf = async (flat) => told.hex((await told.sha256(LABEL, told.bytes(flat))).slice(0, 16));

  function* codesOf(text) {
    for (const found of text.matchAll(CODE)) {
      const { code } = told.readCode(found[0]);
      if (code) yield { code, first: found.index, last: found.index + found[0].length };
    }
  }

  function* stretches(flat) {
    const lines = [...Array(flat.edges.length - 1).keys()];
    const filled = lines.filter((line) => flat.edges[line] < flat.edges[line + 1]);
    for (const { first, last } of codesOf(flat.text)) {
      const ends = filled.filter((line) => flat.edges[line + 1] >= last).reverse();
      for (const start of filled.filter((line) => flat.edges[line] <= first))
        for (const end of ends) yield [start, end + 1];
    }
  }

  const isHeader = (line) =>
    [...line].length <= LONGEST_HEADER && HEADER.test(line) && !PHONE.test(line) && !told.warningsIn(line).length;

  function strange(lines, headers) {
    const said = lines.filter((line) => keptOf(line).length > 0).map((line) => line.trim());
    return said.filter((line) => !(headers && isHeader(line)));
  }

  told.canonical = (text) => flatOf(text.split(LINES)).text;
  told.markOf = (text) => markOf(told.canonical(text));
  told.codesIn = (text) => [...new Set([...codesOf(told.canonical(text))].map((one) => one.code))];
  told.warningsIn = (text) => Object.keys(WARNINGS).filter((name) => WARNINGS[name].test(text));

  // Judges a text by a set of marks in hexadecimal: {verdict, around}.
  told.check = async (text, marks) => {
    const lines = text.split(LINES);
    const flat = flatOf(lines);
    if (text.length > LONGEST || flat.text.length < LEAST) return { verdict: "cannot-tell", around: [] };
    if (marks.size)
      for (const [start, end] of stretches(flat)) {
        if (!marks.has(await markOf(stripped(flat.text.slice(flat.edges[start], flat.edges[end]))))) continue;
        const around = [...strange(lines.slice(0, start), true), ...strange(lines.slice(end), false)];
        return { verdict: around.length ? "inside" : "ours", around };
      }
    return { verdict: "not-ours", around: [] };
  };
}
