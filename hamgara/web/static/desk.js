// Moving on the officers' desk, and choosing from it; the keys of its acts are in keys.js. Without it links and boxes do.
"use strict";

const desk = document.getElementById("desk");
const rows = [...desk.querySelectorAll(".row")];
const boxes = rows.map((row) => row.querySelector("[name=chosen]")).filter(Boolean);
const here = () => rows.findIndex((row) => row.contains(document.activeElement));

const tools = document.querySelector("[data-choose-all]");
if (tools) {
  const all = tools.querySelector("input");
  const said = tools.querySelector("output");
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
    const shown = chosen.toLocaleString(document.documentElement.lang);
    said.textContent = chosen ? `${said.dataset.some} ${shown}` : said.dataset.none;
  };
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); count(); });
  desk.addEventListener("change", count);
  tools.hidden = false;
  // Coming back with the browser's arrow finds boxes as they were left.
  window.addEventListener("pageshow", count);
  count();
}

const move = (step) => {
  const at = here();
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next]?.querySelector(".row-title a").focus();
};

// Keys go by their place, so that they are the same on a Persian keyboard as on an English one.
const moves = {
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyX: () => rows[here()]?.querySelector("[name=chosen]")?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || document.getElementById("keys").open) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  if (event.code in moves) {
    event.preventDefault();
    moves[event.code]();
  } else if (document.querySelector(`#bulk [data-key="${event.code}"]`) && !boxes.some((box) => box.checked)) {
    moves.KeyX();  // an act of which nothing is chosen is meant for where one stands
  }
});
