// Asks a security key: at the sign-in, for a new key, and for the touch that a form needs.
// What a key's PRF gives is secret. It goes into a field of its own, with the form and never into an
// address, and it is never part of what is posted as the credential: that is written here, field by
// field, because the browser's own toJSON() would put the secret in.
import { say } from "./say.js";

const PATIENCE = 15_000;
const WAIT = 110_000; // the challenge is good for two minutes
const SALT_BYTES = 32;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** Writes a credential down as it is posted. */
function written({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "authenticatorData", "signature", "attestationObject"];
  const known = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(known) });
}

function secretOf(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first ? text(first) : "";
}

const named = (id) => ({ type: "public-key", id: bytes(id) });

async function touch({ challenge, rpId, keys }) {
  if (!keys.length) return { assertion: "", prf: "" };
  const evalByCredential = Object.fromEntries(keys.map(({ id, salt }) => [id, { first: bytes(salt) }]));
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      rpId,
      allowCredentials: keys.map(({ id }) => named(id)),
      userVerification: "required",
      timeout: WAIT,
      extensions: { prf: { evalByCredential } },
    },
  });
  return { assertion: written(credential), prf: secretOf(credential) };
}

async function make({ challenge, rpId, user, salt, others }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(challenge),
      rp: { id: rpId, name: "vaitiolo" },
      user: { id: bytes(user.id), name: user.name, displayName: user.name },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: others.map(named),
      authenticatorSelection: { residentKey: "discouraged", userVerification: "required" },
      attestation: "none",
      timeout: WAIT,
      extensions: { prf: { eval: { first: bytes(salt) } } },
    },
  });
  // Many keys give their secret only when they are touched a second time, to sign in.
  const prf = secretOf(credential) || (await secondTouch(credential, rpId, salt));
  return { assertion: written(credential), prf, salt };
}

async function secondTouch(credential, rpId, salt) {
  const challenge = text(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  return (await touch({ challenge, rpId, keys: [{ id: text(credential.rawId), salt }] })).prf;
}

export class Asking {
  constructor(form) {
    this.form = form;
    this.says = form.querySelector("[data-touch-says]");
    form.addEventListener("submit", (event) => this.submitted(event));
    const can = "PublicKeyCredential" in window;
    for (const place of form.querySelectorAll("[data-touch-needs]")) place.hidden = can;
  }

  async submitted(event) {
    const button = event.submitter;
    if (this.form.querySelector("[data-touch-button]") && !button?.matches("[data-touch-button]")) return;
    event.preventDefault();
    if (this.busy || !this.form.reportValidity()) return;
    // Before a key is asked: one that was made for a password that is refused stays on the key.
    const slip = this.slip();
    if (slip) {
      this.say(this.text(slip));
      return;
    }
    this.busy = true;
    this.say("");
    try {
      await this.answer(button);
    } catch (fault) {
      this.say(this.words(fault));
    }
    this.busy = false;
  }

  async answer(button) {
    if (!("PublicKeyCredential" in window)) throw new Error("none");
    const asked = await this.options();
    say(this.text("now"));
    const answer = asked.user ? await make(asked) : await touch(asked);
    if (this.field("prf") && asked.keys?.length !== 0 && !answer.prf) throw new Error("no-prf");
    for (const [name, value] of Object.entries(answer)) this.put(name, value);
    if (button?.name) this.put(button.name, button.value);
    this.form.dataset.sent = "yes";
    // A form that is sent in another way than as a page says so by taking this event over.
    if (this.form.dispatchEvent(new Event("touched", { cancelable: true }))) this.form.submit();
  }

  /** Asks the server for a challenge: with the name or what the touch is for, never the password. */
  async options() {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "name", "over"]) {
      if (this.field(name)) body.set(name, this.field(name).value);
    }
    const answer = await fetch(this.form.dataset.touch, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 401) dispatchEvent(new Event("signed-out"));
    const said = await answer.json();
    if (!answer.ok) throw new Error("told", { cause: said.message });
    return said;
  }

  /** Names what is wrong with a new password, if one is typed twice here. */
  slip() {
    const [first, again] = ["password", "again"].map((name) => this.field(name));
    if (!again) return "";
    if (first.value !== again.value) return "different";
    const isNeeded = first.required || first.value;
    return isNeeded && first.value.length < first.dataset.shortest ? "short" : "";
  }

  field(name) {
    return this.form.querySelector(`input[name="${name}"]`);
  }

  put(name, value) {
    const field = this.field(name) ?? this.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }

  words(fault) {
    if (fault.message === "told") return fault.cause;
    const names = { InvalidStateError: "twice", NotAllowedError: "refused" };
    return this.text(names[fault.name] ?? fault.message) || this.text("failed");
  }

  text(name) {
    return this.form.querySelector(`[data-touch-text="${CSS.escape(name)}"]`)?.textContent.trim() ?? "";
  }

  say(words) {
    this.says.hidden = !words;
    this.says.querySelector("[data-touch-words]").textContent = words;
    if (words) this.says.focus();
  }
}

for (const form of document.querySelectorAll("form[data-touch]")) new Asking(form);
