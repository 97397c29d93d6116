// What the console adds when script runs. Every page works without it.
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(element, event);
  });
const announce = (text) => { $("#announce").textContent = text; };

// Dialogs: a[data-dialog] loads the page's dialog part; the same address is a page without script.
const dialog = $("#dialog");
let opener = null;
on("click", "a[data-dialog]", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx || !dialog) return;
  event.preventDefault();
  opener = link;
  htmx.ajax("GET", link.href, { target: "#dialog", swap: "innerHTML" });
});
// Before htmx sees the click: inside a dialog, closing is not going anywhere.
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-close]")?.closest("dialog");
  if (!box) return;
  event.preventDefault();
  event.stopPropagation();
  box.close();
}, true);
document.addEventListener("htmx:after:swap", () => {
  if (!dialog?.isConnected) return;
  const filled = dialog.childElementCount > 0;
  if (filled && !dialog.open) {
    dialog.showModal();
    $(".error-summary, [autofocus], form :is(input:not([type=hidden]), textarea, select), .sheet button", dialog)?.focus();
  }
  if (!filled && dialog.open) dialog.close();
  const heading = $("h1, h2", dialog);
  if (heading) dialog.setAttribute("aria-labelledby", (heading.id ||= "dialog-title"));
});
dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  opener?.isConnected && opener.focus();
  opener = null;
});

// Copying: the button says so, and so does the live region.
on("click", "[data-copy]", async (button) => {
  const source = button.dataset.copy || $(`#${button.dataset.copyFrom}`)?.value || "";
  const word = $("[data-word]", button) || button;
  try {
    await navigator.clipboard.writeText(source);
  } catch {
    $(`#${button.dataset.copyFrom}`)?.select();
    return announce("Copying is not allowed here. The text is selected.");
  }
  announce("Copied");
  if (word === button && button.children.length) return;
  button.dataset.before ??= word.textContent;
  word.textContent = "Copied";
  setTimeout(() => { word.textContent = button.dataset.before; }, 2000);
});

// Toasts: at least five seconds, pausing under the pointer or the focus; errors stay.
const keepTime = (toast) => {
  if (toast.dataset.timed || toast.dataset.kind === "error") return;
  toast.dataset.timed = "yes";
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), 6000); };
  const pause = () => clearTimeout(timer);
  for (const type of ["mouseenter", "focusin"]) toast.addEventListener(type, pause);
  for (const type of ["mouseleave", "focusout"]) toast.addEventListener(type, start);
  start();
};
on("click", "[data-dismiss]", (button) => button.closest(".toast").remove());
document.addEventListener("htmx:error", () => {
  const shape = $("#offline")?.content.cloneNode(true);
  if (shape) $("#toasts").append(shape);
});

// Times: absolute from the server, relative by script while they are near.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const near = (time) => {
  time.title ||= time.textContent.trim();
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const steps = [["second", 1, 60], ["minute", 60, 60], ["hour", 3600, 24], ["day", 86400, 10]];
  const step = steps.find(([, size, most]) => Math.abs(seconds) / size < most);
  if (!step || Number.isNaN(seconds)) return (time.textContent = time.title);
  time.textContent = step[0] === "second" ? (seconds > 0 ? "in a moment" : "just now") : words.format(Math.round(seconds / step[1]), step[0]);
};

// A long set of checkboxes gains a search.
const makeSearchable = (set) => {
  if (set.dataset.searchable || all("label", set).length < 4) return;
  set.dataset.searchable = "yes";
  const input = Object.assign(document.createElement("input"), {
    type: "search", className: "input choices-search", placeholder: `Search ${set.dataset.filter || "groups"}`, autocomplete: "off",
  });
  input.setAttribute("aria-label", input.placeholder);
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    const labels = all("label", set);
    for (const label of labels) label.hidden = !label.textContent.toLowerCase().includes(wanted);
    announce(`${labels.filter((label) => !label.hidden).length} shown`);
  });
  ($("legend", set) || set.firstElementChild).after(input);
};

// Rows: one checkbox for all, and the count in the bar that CSS shows.
const countRows = (list) => {
  const rows = all("tbody input[type=checkbox]", list);
  const chosen = rows.filter((row) => row.checked).length;
  const every = $("[data-select-all]", list);
  if (every) {
    every.checked = chosen > 0 && chosen === rows.length;
    every.indeterminate = chosen > 0 && chosen < rows.length;
  }
  for (const count of all("[data-selected]", list)) count.textContent = chosen;
};
on("change", ".listing input[type=checkbox]", (box) => {
  const list = box.closest(".listing");
  if (box.matches("[data-select-all]")) for (const row of all("tbody input[type=checkbox]", list)) row.checked = box.checked;
  countRows(list);
});
on("click", "[data-select-none]", (button) => {
  const list = button.closest(".listing");
  for (const box of all("input[type=checkbox]", list)) box.checked = false;
  countRows(list);
});

on("click", "[data-show-password]", (button) => {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
});
on("change", "[data-auto-submit]", (field) => field.form.requestSubmit());
on("click", "[popover] a", (link) => link.closest("[popover]").hidePopover());

// Keys. Those of one letter can be switched off, and never act in a field.
const lettersOn = () => localStorage.getItem("roster.keys") !== "off";
const show = (id) => { const box = $(id); if (box && !box.open) box.showModal(); };
const openPalette = () => {
  const list = $("#palette ul");
  if (!list) return;
  if (!list.childElementCount)
    for (const link of all(".side > .nav a, .menu > a")) {
      const item = document.createElement("li");
      const copy = Object.assign(document.createElement("a"), { href: link.href, textContent: (link.querySelector("[data-word]") || link).textContent.trim() });
      item.append(copy);
      list.append(item);
    }
  show("#palette");
  const input = $("#palette input");
  input.value = "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
};
on("input", "#palette input", (input) => {
  const links = all("#palette a");
  for (const link of links) link.parentElement.hidden = !link.textContent.toLowerCase().includes(input.value.trim().toLowerCase());
  const left = links.filter((link) => !link.parentElement.hidden);
  for (const link of links) link.toggleAttribute("data-first", link === left[0]);
  $("#palette p").hidden = left.length > 0;
});
on("keydown", "#palette", (box, event) => {
  const left = all("#palette li:not([hidden]) a");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const at = left.indexOf(document.activeElement) + step;
    (left[at] || $("#palette input")).focus();
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    left[0]?.click();
  }
});
on("change", "#letter-keys", (box) => localStorage.setItem("roster.keys", box.checked ? "on" : "off"));
on("click", "[data-keys]", () => show("#keys"));
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && $("#palette")) {
    event.preventDefault();
    return openPalette();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog") || !lettersOn()) return;
  const aim = { "/": "[data-key='/']", i: "[data-key=i]" }[event.key];
  const element = aim && $(aim);
  if (event.key === "?") show("#keys");
  else if (element?.matches("input")) element.focus();
  else element?.click();
  if (element || event.key === "?") event.preventDefault();
});

// Once now, and again for whatever arrives.
const dress = () => {
  all("time[data-relative]").forEach(near);
  all("fieldset[data-filter]").forEach(makeSearchable);
  all(".toast").forEach(keepTime);
  all(".listing").forEach(countRows);
};
new MutationObserver((records) => {
  if (records.some((record) => [...record.addedNodes].some((node) => node.nodeType === 1))) dress();
}).observe(document.body, { childList: true, subtree: true });
setInterval(() => all("time[data-relative]").forEach(near), 60000);
if ($("#letter-keys")) $("#letter-keys").checked = lettersOn();
dress();
