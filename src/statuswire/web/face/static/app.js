// The dashboard's own script. Everything can be read without it; with it the page follows the event log, times stay
// fresh and in the reader's zone, and the keyboard reaches everything. The first paint waits for it (`blocking` in
// frame.html), so that nothing moves when times change their words.

const TYPES = [
  "incident.created", "incident.updated", "incident.edited", "incident.resolved", "incident.reopened",
  "incident.postmortem", "maintenance.scheduled", "maintenance.updated", "maintenance.started",
  "maintenance.completed", "maintenance.cancelled", "maintenance.reminder", "maintenance.overrun",
  "component.status_changed", "component.added", "component.removed", "component.renamed", "page.status_changed",
  "feed.failing", "feed.recovered", "feed.unreadable", "feed.moved",
];
const GATHER_MS = 150;
const MARKED_MS = 10_000;
const BLIND_RELOAD_MS = 30_000;
const BESIDE_MS = 15_000; // what makes no event, such as our own signals: on whatever replica they arrive

const byId = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const main = byId("main");

// --- times ---------------------------------------------------------------------------------------------------------

const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" });
const two = (number) => String(number).padStart(2, "0");

function zoneName(moment) {
  return zone.formatToParts(moment).find((part) => part.type === "timeZoneName")?.value ?? "";
}

function day(moment) {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

function hour(moment) {
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

// The same words as `relative` of words.py.
function ago(moment, now) {
  const seconds = Math.trunc((now - moment) / 1000);
  const size = Math.abs(seconds);
  if (size >= 60 * 86_400) return day(moment);
  if (size < 10) return "just now";
  const [unit, name] = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]].find(([least]) => size >= least);
  const words = `${Math.trunc(size / unit)} ${name}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

// The same words as `duration` of wording.py.
function lasting(moment, now) {
  const seconds = Math.max(Math.trunc((now - moment) / 1000), 0);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.trunc(seconds / 60);
  const hours = Math.trunc(seconds / 3_600);
  if (minutes < 60) return `${minutes} min`;
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.trunc(hours / 24)} d ${hours % 24} h` : `${Math.trunc(hours / 24)} d`;
}

const FORMS = {
  for: (moment) => lasting(moment, Date.now()),
  ago: (moment) => ago(moment, Date.now()),
  at: (moment) => `${day(moment)} ${hour(moment)}`,
  clock: (moment) => hour(moment),
};

function writeTimes(root = document) {
  for (const one of all("time[data-t]", root)) {
    const moment = new Date(one.dateTime);
    const text = FORMS[one.dataset.t](moment);
    if (one.textContent !== text) one.textContent = text;
    if (!one.dataset.own) {
      one.title = `${day(moment)} ${hour(moment)}:${two(moment.getSeconds())} ${zoneName(moment)}`;
      one.dataset.own = "1";
    }
  }
}

// Events by days of the reader's zone; the server knows those of UTC alone.
function regroup(place) {
  let list;
  let name = "";
  const rows = all(".row", place);
  place.replaceChildren();
  for (const row of rows) {
    const its = day(new Date(row.querySelector(".when time").dateTime));
    if (its !== name) {
      const heading = document.createElement("h2");
      heading.className = "day";
      heading.textContent = name = its;
      list = document.createElement("ol");
      list.className = "rows compact";
      place.append(heading, list);
    }
    list.append(row);
  }
}

// --- live ----------------------------------------------------------------------------------------------------------

let lastNews = Date.now();
let isLive = false;
let waiting = 0;
let isAsking = false;
let asksAgain = false;

function showConnection() {
  const place = byId("live");
  if (!place) return;
  const text = isLive ? "Live" : `Last update ${ago(lastNews, Date.now())}, reconnecting`;
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("is-live", isLive);
  place.classList.toggle("is-lost", !isLive);
}

function follow() {
  const wanted = main.dataset.live;
  if (!wanted || !window.EventSource) return;
  const query = wanted === "*" ? "" : `?page=${encodeURIComponent(wanted)}`;
  const source = new EventSource(`/api/v1/stream${query}`);
  source.onopen = () => {
    const wasLost = !isLive;
    isLive = true;
    showConnection();
    if (wasLost && Date.now() - lastNews > GATHER_MS) askSoon();
  };
  source.onerror = () => {
    isLive = false;
    showConnection();
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 5_000);
  };
  for (const type of TYPES) source.addEventListener(type, askSoon);
}

function askSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(renew, GATHER_MS);
}

// One question at a time; what happens meanwhile is asked for afterwards.
async function renew() {
  if (isAsking) {
    asksAgain = true;
    return;
  }
  isAsking = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "main" }, credentials: "same-origin" });
    if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    lastNews = Date.now();
  } catch {
    isLive = false;
  } finally {
    isAsking = false;
    showConnection();
  }
  if (asksAgain) {
    asksAgain = false;
    askSoon();
  }
}

// A region as the server wrote it, without what only this script changes.
function written(region) {
  const copy = region.cloneNode(true);
  for (const one of all("time", copy)) {
    one.textContent = "";
    one.removeAttribute("title");
    delete one.dataset.own;
  }
  for (const one of all("[hidden], [open], .new", copy)) {
    one.removeAttribute("hidden");
    one.removeAttribute("open");
    one.classList.remove("new");
    if (!one.className) one.removeAttribute("class");
  }
  return copy.innerHTML;
}

function swap(next) {
  const title = next.querySelector("title");
  if (title) document.title = `${title.textContent} · statuswire`;
  const fresh = all("[data-region]", next);
  const isSame = fresh.length > 0 && fresh.every((one) => byId(one.id));
  const pairs = isSame ? fresh.map((one) => [byId(one.id), one]) : [[main, next.querySelector("main")]];
  for (const [old, region] of pairs) {
    if (region && written(old) !== written(region)) put(old, region);
  }
}

function put(old, region) {
  const known = new Map(all("[data-key]", old).map((one) => [one.dataset.key, one.dataset.version]));
  const open = new Set(all("details[open][id]", old).map((one) => one.id));
  const place = document.activeElement && old.contains(document.activeElement) ? spot(document.activeElement) : "";
  old.replaceChildren(...region.childNodes);
  if (region.id === old.id && old !== main) {
    old.className = region.className;
    old.hidden = region.hidden;
  }
  for (const one of all("details[id]", old)) one.open = one.open || open.has(one.id);
  for (const one of all("[data-key]", old)) {
    if (known.get(one.dataset.key) !== one.dataset.version || !known.has(one.dataset.key)) mark(one);
  }
  writeTimes(old);
  narrow();
  if (place) old.querySelector(place)?.focus({ preventScroll: true });
}

function spot(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : "";
}

function mark(row) {
  row.classList.add("new");
  setTimeout(() => row.classList.remove("new"), MARKED_MS);
}

// --- search in what is shown ---------------------------------------------------------------------------------------

function narrow() {
  const field = byId("q");
  if (!field || !("narrow" in field.dataset)) return;
  const wanted = field.value.trim().toLowerCase();
  let shown = 0;
  for (const section of all("[data-narrowed]")) {
    let here = 0;
    for (const one of all("li", section)) {
      one.hidden = wanted !== "" && !one.textContent.toLowerCase().includes(wanted);
      if (!one.hidden) here += 1;
    }
    section.hidden = here === 0;
    shown += here;
  }
  const none = byId("none");
  if (none) none.hidden = shown > 0;
}

// --- bars of days --------------------------------------------------------------------------------------------------

function showDay(bar) {
  const place = byId("day");
  if (place) place.value = bar?.querySelector("title")?.textContent ?? "";
}

for (const drawing of all("[data-bars]")) {
  const days = all("rect", drawing);
  let here = days.length - 1;
  const go = (to) => {
    days[here].classList.remove("is-at");
    here = Math.min(Math.max(to, 0), days.length - 1);
    days[here].classList.add("is-at");
    showDay(days[here]);
  };
  drawing.addEventListener("pointerover", (event) => showDay(event.target.closest("rect")));
  drawing.addEventListener("focus", () => go(here));
  drawing.addEventListener("blur", () => { days[here].classList.remove("is-at"); showDay(null); });
  drawing.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: days.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
}

// --- keyboard ------------------------------------------------------------------------------------------------------

let isGoing = false;

function move(step) {
  const rows = all("a.go", main).filter((one) => one.offsetParent !== null);
  const here = rows.indexOf(document.activeElement);
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1)];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// Opens the form for it, here or on the page of the row that has the focus.
function order(name) {
  const form = byId(name);
  const row = document.activeElement?.closest?.("a.go");
  if (form) {
    form.open = true;
    form.querySelector("input:not([type=hidden]), select, button")?.focus();
  } else if (row) {
    location.href = `${row.getAttribute("href")}#${name}`;
  }
}

// The field for it here, else that of Now.
function search() {
  const field = byId("q");
  if (field) field.focus();
  else location.href = "/#q";
}

const KEYS = {
  "/": search,
  j: () => move(1),
  k: () => move(-1),
  a: () => order("acknowledge"),
  s: () => order("silence"),
  "?": () => byId("keys")?.showModal(),
};

function pressed(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "Escape" && event.target.id === "q") event.target.blur();
    return;
  }
  if (isGoing) {
    isGoing = false;
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) {
      event.preventDefault();
      location.href = place.href;
    }
    return;
  }
  if (event.key === "g") {
    isGoing = true;
    setTimeout(() => { isGoing = false; }, 1_500);
    return;
  }
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

// --- theme ---------------------------------------------------------------------------------------------------------

const THEMES = ["", "light", "dark"];
const THEME_WORDS = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" };

function showTheme(chosen) {
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  byId("theme").textContent = THEME_WORDS[chosen];
}

function nextTheme() {
  const chosen = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme ?? "") + 1) % THEMES.length];
  try {
    localStorage.setItem("theme", chosen);
  } catch { /* it holds for this page alone */ }
  showTheme(chosen);
}

// --- what the address names ------------------------------------------------------------------------------------------

function reach() {
  const name = location.hash.slice(1);
  if (name === "q") byId("q")?.focus();
  else if (name && byId(name)?.tagName === "DETAILS") order(name);
}

// --- begin ---------------------------------------------------------------------------------------------------------

writeTimes();
if (byId("days")) regroup(byId("days"));
setInterval(() => { writeTimes(); showConnectionIfFollowing(); }, 1_000);

function showConnectionIfFollowing() {
  if (main.dataset.live && !isLive) showConnection();
}

const theme = byId("theme");
if (theme) {
  theme.hidden = false;
  theme.addEventListener("click", nextTheme);
  showTheme(document.documentElement.dataset.theme ?? "");
}
const help = byId("help");
if (help) {
  help.hidden = false;
  help.addEventListener("click", KEYS["?"]);
}
const q = byId("q");
if (q && "narrow" in q.dataset) {
  q.addEventListener("input", narrow);
  q.form.addEventListener("submit", (event) => event.preventDefault());
}
document.addEventListener("keydown", pressed);
addEventListener("load", () => requestAnimationFrame(reach)); // going to what the address names takes the focus away
follow();
setInterval(() => { if (main.dataset.live && !isLive && !document.hidden) renew(); }, BLIND_RELOAD_MS);
setInterval(() => { if ("beside" in main.dataset && isLive && !document.hidden) renew(); }, BESIDE_MS);
