// Whether somebody has asked for the same: looked up while one writes, and asked on this page before anything is sent,
// so that chosen photos stay chosen. Where the look-up fails, the server asks.
"use strict";

const near = document.getElementById("near");
const asking = near.closest("form");
const LOOKED_AT = ["title", "field", "place", "point_lat", "point_lng", "is_new"];
let latest = 0;
let waiting;
let answered = false;

const look = async () => {
  clearTimeout(waiting);
  const mine = ++latest;
  const given = new URLSearchParams([...new FormData(asking)].filter(([name]) => LOOKED_AT.includes(name)));
  const found = await fetch(`${near.dataset.likeness}?${given}`).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
  // An older answer may come later than a newer one.
  if (mine === latest) near.innerHTML = found;
};
const soon = ({ target }) => {
  // What was looked up before the answer was given would take the tick away.
  if (target.name === "is_new") latest += 1;
  if (!LOOKED_AT.includes(target.name) || target.name === "is_new") return;
  clearTimeout(waiting);
  waiting = setTimeout(look, 500);
};
asking.addEventListener("input", soon);
asking.addEventListener("change", soon);

asking.addEventListener("submit", async (event) => {
  const { submitter } = event;
  if (answered || submitter?.name || submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  event.stopPropagation();
  await look(); // the last letters may not have been looked up yet
  const open = near.querySelector("[name=is_new]:not(:checked, [type=hidden])");
  if (!open) {
    answered = true;
    return asking.requestSubmit(submitter);
  }
  near.querySelector("[data-say-first]").hidden = false;
  open.focus();
});
