// Fetches a bucket: everything published whose place begins alike, so that asking tells of nobody.
// From a server the file is read as text; in a folder, where nothing can be fetched, it is run.
"use strict";
{
  const told = (globalThis.told ??= {});
  const LINE = /^told\.(bucket|marks)\("([0-9a-f]{3})","([A-Za-z0-9+/=]*)"\);\s*$/;
  const waiting = new Map();
  const arrived = (kind) => (name, base64) => waiting.get(`${kind}/${name}`)?.(base64);

  told.bucket = arrived("b");
  told.marks = arrived("m");

  function runFile(path) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const done = (settle) => (value) => {
        waiting.delete(path);
        script.remove();
        settle(value);
      };
      waiting.set(path, done(resolve));
      script.addEventListener("error", () => done(reject)(new Error("away")));
      script.src = `${path}.js`;
      document.head.append(script);
    });
  }

  async function readFile(path) {
    const answer = await fetch(`${path}.js`, { credentials: "omit", referrerPolicy: "no-referrer" });
    const found = answer.ok && LINE.exec(await answer.text());
    if (!found) throw new Error("away");
    return found[3];
  }

  const bytesOf = async (path) => {
    const base64 = await (location.protocol === "file:" ? runFile(path) : readFile(path));
    return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  };

  // Returns the sealed page at a lookup, or nothing. Throws when the bucket cannot be had.
  told.findPage = async ({ lookup, bucket }) => {
    const all = await bytesOf(`b/${bucket}`);
    const view = new DataView(all.buffer);
    const wanted = told.hex(lookup);
    for (let at = 0; at + 20 <= all.length; ) {
      const end = at + 20 + view.getUint32(at + 16);
      if (told.hex(all.subarray(at, at + 16)) === wanted) return all.slice(at + 20, end);
      at = end;
    }
    return null;
  };

  told.findMarks = async (bucket) => {
    const all = await bytesOf(`m/${bucket}`);
    const marks = new Set();
    for (let at = 0; at < all.length; at += 16) marks.add(told.hex(all.subarray(at, at + 16)));
    return marks;
  };
}
