// Small helps for pages that also work without them: no second submit, copying, the map on tap, my place.
"use strict";

const all = (selector, act) => document.querySelectorAll(selector).forEach(act);

// A second press of the same button sends nothing; the server would do nothing with it either.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.ask && !window.confirm(form.dataset.ask)) return event.preventDefault();
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  // After this turn of the loop, so that the pressed button's own value is still sent.
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => { button.disabled = true; }));
});
// Coming back to the page with the browser's arrow finds the form usable again.
window.addEventListener("pageshow", () => all("form[data-sent]", (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
}));

all("[data-focus]", (element) => element.focus());

all("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "small";
    said.textContent = button.dataset.copied;
    button.after(said);
    setTimeout(() => said.remove(), 2000);
  });
});

// Menus close on Escape and on a press elsewhere.
document.addEventListener("click", (event) => all("[data-menu][open]", (menu) => {
  if (!menu.contains(event.target)) menu.open = false;
}));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") all("[data-menu][open]", (menu) => { menu.open = false; menu.firstElementChild.focus(); });
});

all("[data-opens]", (button) => {
  const dialog = document.getElementById(button.dataset.opens);
  if (dialog) button.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
});

all("[data-near]", (button) => {
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const to = new URL(button.dataset.near, location.href);
      // Three decimals are about a hundred metres: near enough to sort by, too coarse for an address.
      to.searchParams.set("lat", coords.latitude.toFixed(3));
      to.searchParams.set("lng", coords.longitude.toFixed(3));
      location.assign(to);
    }, () => { button.textContent = button.dataset.failed; }, { timeout: 10000, maximumAge: 300000 });
  });
});

// The map is heavy, so it is fetched when somebody taps for it.
const fetchOnce = {};
const load = (tag, attributes) => fetchOnce[attributes.src || attributes.href] ??= new Promise((done, failed) => {
  const element = Object.assign(document.createElement(tag), attributes, { onload: done, onerror: failed });
  document.head.append(element);
});

async function openMap(figure) {
  const { script, style, tiles, zoom, centre, points, pick, nearer, farther } = figure.dataset;
  await Promise.all([load("link", { rel: "stylesheet", href: style }), load("script", { src: script })]);
  const { L } = window;
  const known = JSON.parse(points || "[]");
  figure.classList.add("open");
  figure.replaceChildren();
  figure.dir = "ltr";
  const map = L.map(figure, { zoomControl: false });
  L.control.zoom({ position: document.dir === "rtl" ? "topright" : "topleft", zoomInTitle: nearer, zoomOutTitle: farther }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix(false);
  if (tiles) L.tileLayer(tiles, { maxZoom: 19, attribution: "© OpenStreetMap" }).addTo(map);
  // Whoever chooses a point has often chosen its neighbourhood before.
  const chosen = pick && figure.closest("form")?.elements.place?.value;
  const { lat: north, lng: east } = known.find(({ code }) => chosen && code === chosen) ?? {};
  const middle = north ? [north, east] : centre ? centre.split(",").map(Number) : [known[0].lat, known[0].lng];
  map.setView(middle, Number(zoom));
  const look = { radius: 9, weight: 3, color: "#fffefb", fillColor: "#0b6a6e", fillOpacity: 1 };
  // Without map pictures the names are what tells one point from another.
  const name = (mark, title) => {
    const words = Object.assign(document.createElement("span"), { textContent: title, dir: "auto" });
    if (!tiles) mark.bindTooltip(words, { permanent: true, direction: "top", offset: [0, -8] });
  };
  if (pick) {
    // They only show where one is: a tap on one of them chooses its point like any other.
    const quiet = { radius: 5, weight: 2, color: "#0b6a6e", fillColor: "#fffefb", fillOpacity: 1, interactive: false };
    for (const { lat, lng, title } of known) name(L.circleMarker([lat, lng], quiet).addTo(map), title);
    return choosePoint(L, map, pick, look);
  }
  for (const { lat, lng, title, href, label, around } of known) {
    const link = document.createElement(href ? "a" : "span");
    if (href) link.href = href;
    link.textContent = title;
    link.dir = "auto";
    // Where only the neighbourhood is known, a wide pale ring stands for it.
    const ring = { radius: 18, weight: 2, color: "#0b6a6e", fillColor: "#0b6a6e", fillOpacity: .18 };
    const mark = L.circleMarker([lat, lng], around ? ring : look).addTo(map).bindPopup(link);
    if (known.length <= 20) name(mark, label || title);
  }
  if (known.length > 1) map.fitBounds(known.map(({ lat, lng }) => [lat, lng]), { padding: [30, 30], maxZoom: 16 });
}

function choosePoint(L, map, pick, look) {
  const boxes = [0, 1].map((place) => document.getElementById(`${pick}_${place}`));
  let marker;
  const put = (at) => { marker = marker ? marker.setLatLng(at) : L.circleMarker(at, { ...look, fillColor: "#a13d1b" }).addTo(map); };
  const given = boxes.map((box) => Number(box.value));
  if (boxes.every((box) => box.value) && given.every(Number.isFinite)) { put(given); map.setView(given); }
  map.on("click", ({ latlng }) => {
    put(latlng);
    boxes[0].value = latlng.lat.toFixed(5);
    boxes[1].value = latlng.lng.toFixed(5);
    boxes[1].dispatchEvent(new Event("change", { bubbles: true }));
  });
}

all("[data-map]", (figure) => {
  const button = figure.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => { button.disabled = true; openMap(figure).catch(() => { button.disabled = false; }); });
});
