// Whether somebody has asked for the same is asked on this page, before anything is sent: chosen photos stay chosen.
"use strict";

const asker = document.querySelector("[data-likeness]");
const form = asker.closest("form");
let answered = false;
form.addEventListener("submit", async (event) => {
  const { submitter } = event;
  if (!window.htmx || answered || submitter?.name || submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  event.stopPropagation();
  // Asked anew: the last letters may not have been looked up yet. Where that fails, the server asks.
  await window.htmx.ajax("GET", asker.getAttribute("hx-get"), { source: asker, target: asker.getAttribute("hx-target") }).catch(() => {});
  const open = form.querySelector("[name=is_new]:not(:checked, [type=hidden])");
  if (!open) {
    answered = true;
    return form.requestSubmit(submitter);
  }
  form.querySelector("[data-say-first]").hidden = false;
  open.focus();
});
