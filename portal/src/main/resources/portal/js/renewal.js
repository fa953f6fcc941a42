// A page that waits for others looks every five seconds whether it is outdated. If it is, the new one takes its place, and a
// line says when. A reader who is in the middle of something (a field, a sheet, a marked text) is told instead, and chooses.
"use strict";
(() => {
  const place = document.getElementById("fresh");
  if (!place) {
    return;
  }
  const EVERY = 5000;
  const SETTLED = 800;
  const line = place.querySelector(".fresh small");
  const notice = place.querySelector(".banner");
  let typed = false;

  const say = (words) => (line.textContent = words);
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" });
  say(place.dataset.on);

  document.addEventListener("input", () => (typed = true));

  const busy = () =>
    typed ||
    document.querySelector(".sheet:target, main details[open]:not(.phone-code)") !== null ||
    document.activeElement?.closest("main :is(input, textarea, select)") != null ||
    !(getSelection()?.isCollapsed ?? true);

  // What had the focus has it again, if the new page still has it.
  const address = (element) =>
    ["href", "action", "name", "value"]
      .filter((name) => element.hasAttribute(name))
      .map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`)
      .join("");

  const take = (page) => {
    const next = page.getElementById("main");
    const side = page.querySelector("header.side");
    const mark = page.getElementById("fresh")?.dataset.mark;
    if (!next || !side || mark === undefined || busy()) {
      notice.hidden = false;
      return;
    }
    const focused = document.activeElement;
    const selector = focused?.closest("main, header.side") ? focused.localName + address(focused) : "";
    next.inert = true;
    document.getElementById("main").replaceWith(document.adoptNode(next));
    document.querySelector("header.side").replaceWith(document.adoptNode(side));
    document.title = page.title;
    place.dataset.mark = mark;
    notice.hidden = true;
    say(`${place.dataset.new} ${clock.format(new Date())}`);
    document.dispatchEvent(new Event("lockbox:renewed"));
    // A finger on its way to a button of the old page presses none of the new one.
    setTimeout(() => {
      next.inert = false;
      if (selector) {
        document.querySelector(selector)?.focus({ preventScroll: true });
      }
    }, SETTLED);
  };

  const renew = () => {
    const call = new XMLHttpRequest();
    call.open("GET", location.pathname + location.search);
    call.responseType = "document";
    call.addEventListener("load", () => {
      if (call.status === 200 && call.response) {
        take(call.response);
      } else {
        notice.hidden = false;
      }
    });
    call.send();
  };

  const look = async () => {
    if (document.visibilityState !== "visible" || !notice.hidden) {
      return;
    }
    const answer = await fetch("/fresh").catch(() => null);
    if (!answer?.ok) {
      say(place.dataset.off);
      return;
    }
    if ((await answer.text()) !== place.dataset.mark) {
      if (busy()) {
        notice.hidden = false;
      } else {
        renew();
      }
    } else if (line.textContent === place.dataset.off) {
      say(place.dataset.on);
    }
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
})();
