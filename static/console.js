// What script adds. Every page works without it.
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, selector, act, capture = false) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  }, capture);
const announce = (text) => { $("#announce").textContent = text; };

// Dialogs: [data-dialog] loads the dialog of the page it leads to.
let opener;
on("click", "[data-dialog]", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  opener = link;
  htmx.ajax("GET", link.href || link.form.action, { target: "#dialog", headers: { "HX-Target": "#dialog" } });
});
on("click", "dialog [data-close]", (button, event) => {
  event.preventDefault();
  event.stopPropagation();
  button.closest("dialog").close();
}, true);
// A link in a dialog leads away from it; only its forms and the dialogs after it take its place.
on("click", "dialog a[href]:not([data-dialog], [data-close])", (link, event) => event.stopPropagation(), true);
document.addEventListener("htmx:before:swap", () => document.body.append($("#toasts")));
document.addEventListener("htmx:after:swap", () => {
  const dialog = $("#dialog");
  const heading = $("h1, h2", dialog);
  if (!heading) return dialog.close();
  dialog.setAttribute("aria-labelledby", (heading.id ||= "dialog-title"));
  if (!dialog.open) dialog.showModal();
});
document.addEventListener("close", ({ target }) => {
  document.body.append($("#toasts"));
  if (target.id !== "dialog") return;
  target.replaceChildren();
  if (opener?.isConnected) opener.focus();
}, true);

// Copying: the button says so, and so does the live region.
on("click", "[data-copy]", async (button) => {
  const field = document.getElementById(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(field ? field.value : button.dataset.copy);
  } catch {
    field?.select();
    return announce("Copying is not allowed here.");
  }
  announce("Copied");
  const word = $("[data-word]", button);
  if (!word || button.dataset.before) return;
  button.dataset.before = word.textContent;
  word.textContent = "Copied";
  setTimeout(() => {
    word.textContent = button.dataset.before;
    delete button.dataset.before;
  }, 2000);
});

// Toasts go, but not from under pointer or focus; errors stay.
const keepTime = (toast) => {
  if (toast.dataset.timed || toast.dataset.kind === "error") return;
  toast.dataset.timed = "yes";
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), 6000); };
  for (const type of ["mouseenter", "focusin"]) toast.addEventListener(type, () => clearTimeout(timer));
  for (const type of ["mouseleave", "focusout"]) toast.addEventListener(type, start);
  start();
};
on("click", "[data-dismiss]", (button) => button.closest(".toast").remove());
document.addEventListener("htmx:error", () => $("#toasts").append($("#offline").content.cloneNode(true)));

// Times: relative while they are near.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const steps = [["minute", 60, 60], ["hour", 3600, 24], ["day", 86400, 10]];
const near = (time) => {
  time.title ||= time.textContent;
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const [unit, size] = steps.find(([, size, most]) => Math.abs(seconds) < size * most) || [];
  if (Math.abs(seconds) < 60) time.textContent = seconds > 0 ? "in a moment" : "just now";
  else time.textContent = unit ? words.format(Math.round(seconds / size), unit) : time.title;
};

// A set of several checkboxes gains a search.
const makeSearchable = (set) => {
  if ($(".choices-search", set) || all("label", set).length < 4) return;
  const name = `Search ${set.dataset.filter}`;
  const input = Object.assign(document.createElement("input"), { type: "search", className: "input choices-search", placeholder: name, ariaLabel: name });
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  input.addEventListener("input", () => announce(`${narrow(all("label", set), input.value)} shown`));
  $("legend", set).after(input);
};
const narrow = (elements, text) => {
  for (const element of elements) element.hidden = !element.textContent.toLowerCase().includes(text.trim().toLowerCase());
  return elements.filter((element) => !element.hidden).length;
};

// Rows: one checkbox for all, and their count.
const rowsOf = (list) => all("tbody input[type=checkbox]", list);
const countRows = (list) => {
  const rows = rowsOf(list);
  const chosen = rows.filter((row) => row.checked).length;
  const every = $("[data-select-all]", list);
  if (every) Object.assign(every, { checked: chosen > 0, indeterminate: chosen > 0 && chosen < rows.length });
  for (const count of all("[data-selected]", list)) count.textContent = chosen;
};
const choose = (list, checked) => {
  for (const row of rowsOf(list)) row.checked = checked;
  countRows(list);
};
on("change", ".listing tbody input", (row) => countRows(row.closest(".listing")));
on("change", "[data-select-all]", (box) => choose(box.closest(".listing"), box.checked));
on("click", "[data-select-none]", (button) => choose(button.closest(".listing"), false));

on("click", "[data-show-password]", (button) => {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  input.type = input.type === "password" ? "text" : "password";
  button.ariaPressed = input.type === "text";
});
on("click", "[data-print]", () => print());
// A new password as it grows: a hint, which stops nobody.
on("input", "[data-minimum]", (input) => {
  const typed = [...input.value.normalize("NFC")];
  const missing = input.dataset.minimum - typed.length;
  const isVaried = new Set(typed).size > 7;
  const said = document.getElementById(`${input.id}-strength`);
  said.hidden = !typed.length;
  if (missing > 0) said.textContent = `${missing} more to go.`;
  else said.textContent = isVaried ? "Long enough." : "Long enough, but of few different characters.";
  if (missing === 0) announce(said.textContent);
});
on("change", "[data-auto-submit]", (field) => field.form.requestSubmit());

// Keys. Those of one letter can be switched off, and never act in a field.
const lettersOn = () => localStorage.getItem("roster.keys") !== "off";
const show = (id) => $(id)?.open === false && $(id).showModal();
const openPalette = () => {
  $("#palette ul").replaceChildren(...all(".side > .nav a, .menu > a:has([data-word])").map((link) => {
    const item = document.createElement("li");
    item.append(link.cloneNode(true));
    return item;
  }));
  show("#palette");
  Object.assign($("#palette input"), { value: "" }).focus();
};
on("input", "#palette input", (input) => { $("#palette p").hidden = narrow(all("#palette li"), input.value) > 0; });
on("keydown", "#palette", (_, event) => {
  const links = all("#palette li:not([hidden]) a");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) (links[links.indexOf(document.activeElement) + step] || $("#palette input")).focus();
  else if (event.key === "Enter" && event.target.matches("input")) links[0]?.click();
  else return;
  event.preventDefault();
});
on("change", "#letter-keys", (box) => localStorage.setItem("roster.keys", box.checked ? "on" : "off"));
on("click", "[data-keys]", () => show("#keys"));
document.addEventListener("keydown", (event) => {
  const chord = event.ctrlKey || event.metaKey;
  const palette = chord && event.key.toLowerCase() === "k" && $("#palette");
  if (palette) openPalette();
  else if (chord || event.altKey || event.target.closest("input, textarea, select, dialog") || !lettersOn()) return;
  else if (event.key === "?") show("#keys");
  else {
    const aim = ["/", "i"].includes(event.key) && $(`[data-key="${event.key}"]`);
    if (!aim) return;
    aim.matches("input") ? aim.focus() : aim.click();
  }
  event.preventDefault();
});

const times = () => all("time[data-relative]").forEach(near);
const dress = () => {
  times();
  all("fieldset[data-filter]").forEach(makeSearchable);
  all(".toast").forEach(keepTime);
  // Under an open dialog nothing is heard.
  const top = $("dialog[open]");
  if (top && $(".toast") && !$("#toasts", top)) top.append($("#toasts"));
  all(".listing").forEach(countRows);
};
new MutationObserver((records) => {
  if (records.some((it) => [...it.addedNodes, ...it.removedNodes].some((node) => node.nodeType === 1))) dress();
}).observe(document.body, { childList: true, subtree: true });
setInterval(times, 60000);
if ($("#letter-keys")) $("#letter-keys").checked = lettersOn();
dress();
