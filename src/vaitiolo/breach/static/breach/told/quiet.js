// One thing at a time, for whom everything at once is too much; and a way out that shows pancakes.
"use strict";
{
  const told = (globalThis.told ??= {});
  const TWICE = 1_500;

  told.Quiet = class {
    constructor(tongue) {
      this.tongue = tongue;
      this.at = 0;
      this.on = false;
      this.button = tongue.at("quiet");
      this.bar = tongue.at("steps");
      this.button.addEventListener("click", () => this.turn(!this.on));
      tongue.at("next").addEventListener("click", () => this.go(1));
      tongue.at("previous").addEventListener("click", () => this.go(-1));
    }

    steps() {
      return [...this.tongue.root.querySelectorAll("[data-step]:not([hidden])")];
    }

    turn(on) {
      this.on = on;
      this.button.textContent = this.tongue.say(on ? "quiet_off" : "quiet");
      this.at = 0;
      this.show();
    }

    go(by) {
      this.at = Math.max(0, Math.min(this.steps().length - 1, this.at + by));
      this.show();
      const head = this.steps()[this.at].querySelector("h2");
      head.tabIndex = -1;
      head.focus();
    }

    show() {
      const steps = this.steps();
      steps.forEach((step, place) => step.classList.toggle("aside", this.on && place !== this.at));
      this.tongue.at("page").classList.toggle("brief", this.on && this.at > 0);
      this.bar.hidden = !this.on;
      this.tongue.at("step-number").textContent = this.tongue.say("step", { n: this.at + 1, all: steps.length });
      this.tongue.at("previous").disabled = this.at === 0;
      this.tongue.at("next").disabled = this.at === steps.length - 1;
    }
  };

  // Everything is taken out of the page; what was opened is in no variable any more.
  told.leave = (tongue) => {
    told.opened = null;
    document.title = tongue.say("harmless_title");
    document.body.replaceChildren(
      told.make("h1", {}, tongue.say("harmless_title")),
      told.make("p", {}, tongue.say("harmless")),
    );
    document.body.classList.add("left");
    scrollTo(0, 0);
  };

  told.listenForLeaving = (current) => {
    let last = -TWICE;
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (event.timeStamp - last < TWICE && !document.body.classList.contains("left")) told.leave(current());
      last = event.timeStamp;
    });
  };
}
