// Makes elements out of words. Words become text and never markup, whoever wrote them.
"use strict";
{
  const told = (globalThis.told ??= {});

  told.make = (name, properties = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };

  // One of the three languages: its part of the page, and its phrases.
  told.Tongue = class {
    constructor(root) {
      this.root = root;
      this.language = root.lang;
      this.words = JSON.parse(document.getElementById(`words-${root.lang}`).textContent);
    }

    at(mark) {
      return this.root.querySelector(`[data-${mark}]`);
    }

    fill(mark, ...inside) {
      const section = this.at(mark);
      section.querySelector("[data-fill]").replaceChildren(...inside);
      section.hidden = false;
    }

    // A phrase with its places filled; a word that is not ours is shown as it is.
    say(key, values = {}) {
      const phrase = this.words[key] ?? key.replace(/^(?:kind|untouched|field|part)_/, "").replaceAll("_", " ");
      return phrase.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    }

    day(text) {
      const day = new Date(`${text}T12:00:00Z`);
      return day.toLocaleDateString(this.language === "en" ? "en-GB" : this.language, {
        timeZone: "UTC",
        day: "numeric",
        month: "long",
        year: "numeric",
      });
    }

    list(words) {
      return told.make("ul", {}, ...words.map((one) => told.make("li", {}, one)));
    }
  };
}
