// The page's hands: sends what people do, shows what the server tells. No framework, no polling.
import { suggest } from "./commands.js";

const body = document.body;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const log = find("#log");
const scroll = find(".scroll");
const composer = find("#composer");
const title = document.title;
let missed = 0;
let following = true; // whether the end of the conversation is kept in view

async function send(path, fields = {}) {
  const form = new URLSearchParams({ as: body.dataset.as, in: body.dataset.in });
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return post(path, form);
}

async function post(path, form) {
  try {
    const response = await fetch(path, { method: "POST", body: form });
    if (response.status === 409) toast(body.dataset.changed);
    else if (!response.ok) toast(body.dataset.failed);
    return response.ok;
  } catch {
    toast(body.dataset.failed);
    return false;
  }
}

function toast(words) {
  const place = find("#toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { place.hidden = true; }, 5000);
}

// --- messages ---

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 140;

function toEnd() {
  following = true;
  scroll.scrollTop = scroll.scrollHeight;
  find("[data-newer]").hidden = true;
}

function watchTheEnd() {
  const firstNew = find(".new", log);
  if (firstNew) {
    firstNew.closest(".post").scrollIntoView({ block: "start" });
    following = atEnd() && all("img", log).every((image) => image.complete);
  }
  const sizes = new ResizeObserver(() => { if (following) toEnd(); });
  sizes.observe(log);
  sizes.observe(scroll);
  scroll.addEventListener("scroll", () => {
    following = atEnd();
    if (following) find("[data-newer]").hidden = true;
  });
}

function piece(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // drawn by the server, which escapes what people wrote
  return template.content;
}

function show({ id, html }) {
  const old = find(`#post-${id}`);
  const fresh = piece(html).firstElementChild;
  if (!old) {
    find("#quiet")?.remove();
    log.append(fresh);
    return 1;
  }
  const focused = old.contains(document.activeElement) || old.dataset.acted;
  old.replaceWith(fresh);
  if (focused) {
    const next = find("[aria-invalid]", fresh) ?? find("input, textarea, select, button", fresh);
    if (next?.matches("fieldset")) find("input", next)?.focus({ preventScroll: true });
    else (next ?? composer).focus({ preventScroll: true });
    fresh.scrollIntoView({ block: "nearest" });
  }
  return 0;
}

function heard({ posts, unread, people }) {
  const added = posts.reduce((sum, each) => sum + show(each), 0);
  if (added && !following) find("[data-newer]").hidden = false;
  else if (added) toEnd();
  if (added && document.hidden) {
    missed += added;
    document.title = `(${missed}) ${title}`;
  }
  for (const [name, number] of Object.entries(unread)) {
    mark(`[data-conversation="${CSS.escape(name)}"]`, name === body.dataset.in ? 0 : number);
  }
  for (const [user, number] of Object.entries(people)) {
    mark(`[data-person="${CSS.escape(user)}"]`, user === body.dataset.as ? 0 : number);
  }
  const elsewhere = all("[data-conversation]").some((count) => !count.hidden);
  for (const dot of all(".dot")) dot.hidden = !elsewhere;
}

function mark(selector, number) {
  for (const count of all(selector)) {
    count.firstElementChild.textContent = number;
    count.hidden = !number;
  }
}

async function press(form, button) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, value);
  fields.set("as", body.dataset.as);
  fields.set("post", form.id.replace("card-", ""));
  fields.set("version", form.dataset.version);
  fields.set("button", button.dataset.button);
  form.closest(".post").dataset.acted = "yes";
  await busy(form, () => post("press", fields));
}

async function busy(form, work) {
  const buttons = all("button", form);
  form.setAttribute("aria-busy", "true");
  for (const each of buttons) each.disabled = true;
  const writing = setTimeout(() => { find(".writing").hidden = false; }, 250);
  await work();
  clearTimeout(writing);
  find(".writing").hidden = true;
  form.removeAttribute("aria-busy");
  for (const each of buttons) each.disabled = false;
}

// --- the clock, the side ---

function clock({ text, iso, running, progress, story, tour }) {
  if (tour && find("#tour")) find("#tour").replaceChildren(piece(tour));
  const time = find("[data-clock]");
  time.textContent = text;
  time.dateTime = iso;
  for (const button of all("[data-step]")) button.disabled = running;
  const bar = find("header progress");
  bar.hidden = !running;
  bar.value = progress;
  const place = find("#story");
  if (place.dataset.shown !== story) {
    place.dataset.shown = story;
    place.replaceChildren(piece(story));
  }
}

function menu(open) {
  body.classList.toggle("menu-open", open);
  find("header [data-menu]").setAttribute("aria-expanded", open);
  if (open) find("#side [data-filter]").focus();
  else find("header [data-menu]").focus();
}

// --- behind the glass ---

async function glass(open) {
  find("#glass").hidden = !open;
  body.classList.toggle("glass-open", open);
  find("header [data-glass]").setAttribute("aria-expanded", open);
  sessionStorage.setItem("glass", open ? "open" : "");
  if (open) await look();
}

async function look() {
  if (find("#glass").hidden) return;
  const query = new URLSearchParams({ as: body.dataset.as, in: body.dataset.in });
  const response = await fetch(`glass?${query}`);
  if (response.ok) find("#glass .panes").replaceChildren(piece(await response.text()));
}

function lookSoon() {
  clearTimeout(lookSoon.timer);
  lookSoon.timer = setTimeout(look, 250);
}

async function earlier(button) {
  const query = new URLSearchParams({ as: body.dataset.as, in: body.dataset.in });
  query.set("before", find(".post", log).dataset.id);
  const response = await fetch(`earlier?${query}`);
  const height = scroll.scrollHeight;
  log.prepend(piece(await response.text()));
  scroll.scrollTop += scroll.scrollHeight - height;
  button.hidden = response.headers.get("X-Earlier") !== "yes";
}

function filter(input) {
  const words = input.value.trim().toLowerCase();
  const people = all("li", input.closest(".people"));
  for (const person of people) person.hidden = !person.dataset.name.includes(words);
  find(".nobody", input.closest(".people")).hidden = people.some((person) => !person.hidden);
}

// --- what people do ---

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (body.classList.contains("menu-open") && target === find("main")) menu(false);
  if (!button) return;
  const { step, say, post: path, button: number } = button.dataset;
  if ("glass" in button.dataset) await glass(find("#glass").hidden);
  else if ("menu" in button.dataset) menu(!body.classList.contains("menu-open"));
  else if ("earlier" in button.dataset) await earlier(button);
  else if ("newer" in button.dataset) toEnd();
  else if (step) await send("wind", { step });
  else if (say) await send("say", { text: say });
  else if (path) await send(path);
  else if (number && button.type === "button") await press(button.form, button);
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.target.id === "say") await speak();
  else if (event.submitter) await press(event.target, event.submitter);
});

document.addEventListener("input", ({ target }) => {
  if ("filter" in target.dataset) filter(target);
  if (target === composer) grow();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (body.classList.contains("menu-open")) menu(false);
  else if (find("#glass")?.hidden === false) { glass(false); find("header [data-glass]").focus(); }
});

document.addEventListener("toggle", async ({ target }) => {
  if (!target.matches(".wire[open]") || target.dataset.loaded) return;
  const response = await fetch(`${target.dataset.wire}?${new URLSearchParams({ as: body.dataset.as })}`);
  if (!response.ok) return;
  find("div", target).replaceChildren(piece(await response.text()));
  target.dataset.loaded = "yes";
}, true);

document.addEventListener("visibilitychange", () => {
  missed = 0;
  document.title = title;
});

function grow() {
  composer.style.height = "auto";
  composer.style.height = `${composer.scrollHeight}px`;
}

async function speak() {
  const text = composer.value;
  if (!text.trim()) return;
  composer.value = "";
  grow();
  toEnd();
  let said = false;
  await busy(find("#say"), async () => { said = await send("say", { text }); });
  if (!said && !composer.value) composer.value = text;
  grow();
  composer.focus();
}

if (body.dataset.live) {
  watchTheEnd();
  suggest(composer, find("#commands"), speak);
  if (matchMedia("(min-width: 821px)").matches) composer.focus();
  const live = new EventSource(body.dataset.live);
  live.addEventListener("posts", (event) => { heard(JSON.parse(event.data)); lookSoon(); });
  live.addEventListener("clock", (event) => { clock(JSON.parse(event.data)); lookSoon(); });
  if (sessionStorage.getItem("glass") && matchMedia("(min-width: 1100px)").matches) glass(true);
  live.addEventListener("error", () => setTimeout(() => {
    if (live.readyState !== EventSource.OPEN) toast(body.dataset.failed);
  }, 1500));
  live.addEventListener("restart", () => location.replace("./"));
}
