// Says every minute that this page is still open, and shows who else has the demand open. Without it nothing is said.
"use strict";

const place = document.querySelector("[data-still-open]");
const say = async () => {
  if (document.hidden) return;
  const key = document.querySelector("main [name=csrfmiddlewaretoken]");
  if (!key) return;
  const answer = await fetch(place.dataset.stillOpen, { method: "POST", headers: { "X-CSRFToken": key.value } });
  if (answer.ok && !answer.redirected) {
    place.innerHTML = await answer.text();
    place.hidden = place.childElementCount === 0;
  }
};
const quietly = () => say().catch(() => {});
quietly();
setInterval(quietly, 60000);
document.addEventListener("visibilitychange", quietly);
