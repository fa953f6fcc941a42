// Keys for those who have many requests. They only move the focus, open what a link on the page opens, or press a button that
// leads to the signing page: none of them decides. Inside a field every key is a letter. The sheet #shortcuts documents them.
"use strict";
(() => {
  const sheet = document.getElementById("shortcuts");
  if (!sheet || sheet.dataset.off !== undefined) {
    return;
  }
  const ROWS = "main :is(a.row, .cards h2 a, article h3 a, tbody th a)";
  const SEARCH = 'main :is(input[type="search"], [data-search])';

  const move = (step) => {
    const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    rows[next]?.focus();
    return rows.length > 0;
  };

  const press = (selector) => {
    const button = document.querySelector(selector);
    button?.click();
    return button !== null;
  };

  const open = (id) => {
    const found = document.getElementById(id)?.classList.contains("sheet");
    if (found) {
      location.hash = id;
    }
    return Boolean(found);
  };

  const search = () => {
    const field = document.querySelector(SEARCH);
    field?.focus();
    return field !== null || press('.nav a[href="/audit"]');
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    a: () => press('.bar button[name="decision"][value="approve"]'),
    u: () => press(".bar button.usual"),
    l: () => open("less"),
    d: () => open("deny"),
    "/": search,
    "?": () => open("shortcuts"),
  };

  addEventListener("keydown", (event) => {
    const written = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) {
      return;
    }
    if (written || document.querySelector(".sheet:target")) {
      return;
    }
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) {
      event.preventDefault();
    }
  });
})();
