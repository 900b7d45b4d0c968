// The reason of an amendment stands beside the editor and is sent with its form.
const reason = document.querySelector("[data-reason]");
const form = document.querySelector("[data-editor]");
if (reason && form) form.id ||= reason.getAttribute("form");
