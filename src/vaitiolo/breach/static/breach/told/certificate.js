// Shows a certificate: to whom it is about, and to a creditor who was given its code.
"use strict";
{
  const told = (globalThis.told ??= {});

  // On paper the address has to stand in words; a copy on a stick has none to give.
  const addressOf = (tongue) =>
    location.protocol === "file:" ? tongue.say("certificate_here") : location.host + location.pathname.replace(/\/$/, "");

  told.showCertificate = (tongue, certificate, code) => {
    const values = {
      name: certificate.name,
      born: certificate.born,
      day: tongue.day(certificate.issued),
      code: told.showCode(code),
      address: addressOf(tongue),
    };
    const section = tongue.at("certificate");
    section.querySelector("[data-says]").textContent = tongue.say("certificate_says", values);
    const fields = certificate.fields.map((field) => tongue.say(`field_${field.replaceAll("-", "_")}`));
    section.querySelector("[data-fields]").replaceChildren(...fields.map((one) => told.make("li", {}, one)));
    section.querySelector("[data-how]").textContent =
      `${certificate.reference}. ${tongue.say("certificate_how", values)}`;
    section.hidden = false;
  };

  told.offerCertificate = (tongue, page) => {
    const section = tongue.at("own-certificate");
    section.hidden = false;
    const shown = tongue.at("certificate-code");
    tongue.at("certificate-show").hidden = !page.certificate;
    if (!page.certificate) {
      shown.textContent = tongue.say("certificate_none");
      return;
    }
    const code = told.make("span", { className: "big" }, told.showCode(page.certificate));
    shown.replaceChildren(`${tongue.say("certificate_code")}: `, code);
  };
}
