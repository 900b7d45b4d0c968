// Reads the code of a notice as people type it, and finds a mistake before anything is asked.
// docs/formats.md, section 23; the same as notices/codes.py.
"use strict";
{
  const told = (globalThis.told ??= {});
  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const LENGTH = 20;
  const BETWEEN = /[\s.\-_\u00b7\u2010-\u2014\u2212]/gu;
  const MISTAKEN = { O: "0", I: "1", L: "1" };

  function checkOf(digits) {
    let check = 0;
    for (const digit of digits) {
      check = (check ^ digit) << 1;
      if (check & 32) check ^= 0b100101;
    }
    return check;
  }

  // Returns {code}, or {why}: letter, short, long or typo.
  told.readCode = (text) => {
    const kept = text.toUpperCase().replace(BETWEEN, "").replace(/[OIL]/g, (one) => MISTAKEN[one]);
    const digits = [...kept].map((one) => ALPHABET.indexOf(one));
    if (digits.includes(-1)) return { why: "letter" };
    if (digits.length !== LENGTH) return { why: digits.length < LENGTH ? "short" : "long" };
    if (digits.pop() !== checkOf(digits)) return { why: "typo" };
    return { code: kept };
  };

  told.showCode = (code) => code.match(/.{1,5}/g).join("-");
}
