// A search that opens statements looks at a few on each page. This goes on with the next pages by itself and adds what they
// find, until it has looked as far as one search goes; a press on the button takes it further. Without script, the button
// leads to the next page.
"use strict";
(() => {
  const MOST = 20000;
  const main = document.getElementById("main");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let link = document.getElementById("further");
  let read = Number(link.dataset.read);
  let cost = Number(link.dataset.cost);
  let going = false;

  // How many statements read a table and do not name the value.
  const note = (page) => page.getElementById("unnamed");
  const count = (page) => Number(note(page)?.dataset.count ?? 0);
  let unnamed = count(document);

  const warn = (line) => {
    document.querySelectorAll("#unnamed").forEach((old) => old.remove());
    if (line) {
      line.querySelector("b").textContent = line.dataset.sum.replace("#1", number.format(unnamed));
      const empty = main.querySelector(".empty");
      if (empty) {
        empty.append(line);
      } else {
        main.querySelector(".stacks")?.after(line);
      }
    }
  };

  const rows = (page) => [...page.querySelectorAll("#main .stacks tbody tr")];

  const say = (page) => {
    const sum = link.dataset.sum
      .replace("#1", number.format(rows(document).length))
      .replace("#2", number.format(read));
    document.getElementById("counted").textContent = sum;
    const reached = document.getElementById("reached");
    const next = page.getElementById("reached");
    if (reached) {
      reached.textContent = next?.textContent ?? "";
    }
  };

  // A long request can be found on two pages.
  const request = (row) => row.querySelector("a[href^='/requests/']")?.getAttribute("href");

  const add = (page) => {
    const known = new Set(rows(document).map(request));
    const found = rows(page).filter((row) => !known.has(request(row)));
    const table = main.querySelector(".stacks tbody");
    const empty = main.querySelector(".empty");
    if (table) {
      table.append(...found.map((row) => document.adoptNode(row)));
    } else if (found.length > 0) {
      empty?.replaceWith(document.adoptNode(page.querySelector("#main .stacks")));
    } else {
      const words = page.querySelector("#main .empty, #main .banner");
      if (empty && words) {
        empty.replaceWith(document.adoptNode(words));
      }
    }
  };

  // A page that may open no more says until when, and is left as it is.
  const take = (page) => {
    const next = page.getElementById("further");
    const spent = page.querySelector("#main .banner") !== null;
    if (spent) {
      main.querySelector(".stacks, .empty")?.before(document.adoptNode(page.querySelector("#main .banner")));
      going = false;
      link.removeAttribute("aria-busy");
      return;
    }
    read += Number(page.getElementById("counted")?.dataset.read ?? 0);
    unnamed += count(page);
    const line = note(document) ?? note(page);
    add(page);
    warn(line && document.adoptNode(line));
    say(page);
    if (!next) {
      link.parentElement.remove();
      return;
    }
    cost += Number(next.dataset.cost);
    const following = document.adoptNode(next);
    link.replaceWith(following);
    link = following;
    offer();
    if (cost < MOST) {
      go();
    } else {
      going = false;
      link.removeAttribute("aria-busy");
    }
  };

  const go = () => {
    going = true;
    link.setAttribute("aria-busy", "true");
    const call = new XMLHttpRequest();
    call.open("GET", link.href);
    call.responseType = "document";
    call.addEventListener("load", () => {
      if (call.status === 200 && call.response) {
        take(call.response);
      }
    });
    call.send();
  };

  const offer = () =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (!going) {
        cost = 0;
        go();
      }
    });

  offer();
  go();
})();
