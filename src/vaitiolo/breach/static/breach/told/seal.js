// Opens a page with its code, in this browser: HKDF-SHA-512 and AES-256-GCM of WebCrypto.
// docs/formats.md, section 23; the same as keys/pages.py. A code leaves this file for nowhere.
"use strict";
{
  const told = (globalThis.told ??= {});
  const bytes = (text) => new TextEncoder().encode(text);
  const HEAD = Uint8Array.of(0x56, 0x54, 0x0e, 0x01);
  const NONCE = 12;
  const STEP = 1024;

  told.hex = (raw) => Array.from(new Uint8Array(raw), (one) => one.toString(16).padStart(2, "0")).join("");

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  told.sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
  told.bytes = bytes;

  // Returns what a code stands for: the token that answers are sent with, where its page lies, its key.
  told.keysOf = async (code) => {
    const start = await crypto.subtle.importKey("raw", bytes(code), "HKDF", false, ["deriveBits"]);
    const derived = async (label) =>
      new Uint8Array(
        await crypto.subtle.deriveBits(
          { name: "HKDF", hash: "SHA-512", salt: bytes("vaitiolo/1/page"), info: bytes(label) },
          start,
          256,
        ),
      );
    const token = await derived("vaitiolo/1/page-token");
    const lookup = (await told.sha256(bytes("vaitiolo/1/page-lookup"), token)).slice(0, 16);
    const key = await derived("vaitiolo/1/page-key");
    return { token, lookup, key, bucket: told.hex(lookup).slice(0, 3) };
  };

  // Returns what a sealed page says. Throws when it is not this code's, or was changed.
  told.openPage = async (keys, sealed) => {
    if (told.hex(sealed.slice(0, 4)) !== told.hex(HEAD)) throw new Error("head");
    const key = await crypto.subtle.importKey("raw", keys.key, "AES-GCM", false, ["decrypt"]);
    const nonce = sealed.slice(4, 4 + NONCE);
    const how = { name: "AES-GCM", iv: nonce, additionalData: joined(HEAD, keys.lookup) };
    const padded = new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(4 + NONCE)));
    const length = new DataView(padded.buffer).getUint32(0);
    const after = padded.subarray(4 + length);
    if (padded.length % STEP || after.length >= STEP || after.some((one) => one)) throw new Error("padding");
    const body = new TextDecoder("utf-8", { fatal: true }).decode(padded.subarray(4, 4 + length));
    const page = JSON.parse(body);
    if (page.v !== 1) throw new Error("version");
    return page;
  };
}
