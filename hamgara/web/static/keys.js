// Keys of a page: each thing with `data-key` is opened and brought under the fingers by its key. Without it all is there.
"use strict";

const help = document.getElementById("keys");
const shown = document.querySelector("[data-keys]");
const FIELDS = "input:not([type=hidden]):not([type=checkbox]), select, textarea";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || help.open) return;
  if (event.target.matches(FIELDS)) return;
  if (event.code === "Slash" && event.shiftKey) {
    event.preventDefault();
    help.showModal();
    return;
  }
  // By their place, so that they are the same on a Persian keyboard as on an English one.
  const found = document.querySelector(`[data-key="${event.code}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.matches("details")) found.open = true;
  const link = found.matches("a") ? found : found.querySelector(":scope > a");
  if (link) link.click();
  else (found.querySelector(FIELDS) || found.querySelector("button"))?.focus();
});

shown.hidden = false;
shown.addEventListener("click", () => help.showModal());
