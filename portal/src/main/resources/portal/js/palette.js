// Ctrl+K (or Cmd+K) opens the sheet #go on every page. Typing leaves the pages whose name has it, the arrows walk through
// them, and Enter goes to the first, or asks the server, which knows ids. Without script the same sheet asks the server.
"use strict";
(() => {
  const sheet = document.getElementById("go");
  if (!sheet) {
    return;
  }
  const field = sheet.querySelector("input");
  const plain = (text) => text.toLocaleLowerCase(document.documentElement.lang);
  const places = [...sheet.querySelectorAll(".places li")];
  const left = () => places.filter((place) => !place.hidden).map((place) => place.querySelector("a"));

  const filter = () => {
    const wanted = plain(field.value.trim());
    places.forEach((place) => (place.hidden = !plain(place.textContent).includes(wanted)));
  };

  const open = () => {
    location.hash = "go";
    field.value = "";
    filter();
    field.focus();
  };

  const walk = (step) => {
    const stops = [field, ...left()];
    const at = stops.indexOf(document.activeElement);
    stops[(at + step + stops.length) % stops.length].focus();
  };

  field.addEventListener("input", filter);
  sheet.querySelector("form").addEventListener("submit", (event) => {
    const [only, another] = left();
    if (field.value.trim() !== "" && only && !another) {
      event.preventDefault();
      location.assign(only.href);
    }
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && plain(event.key) === "k") {
      event.preventDefault();
      open();
    }
    if (location.hash === "#go" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    }
  });
})();
