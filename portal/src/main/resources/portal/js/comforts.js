// Small comforts; every page works without them. The browser's time zone goes along with a sign-in, times that run out
// count down, texts are copied, menus and sheets close, and what a link on the page leads to opens.
"use strict";
(() => {
  for (const field of document.querySelectorAll("[data-zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  // After an invitation: the address that it was sent to.
  const typed = new URLSearchParams(location.hash.slice(1)).get("address");
  const address = document.querySelector("input[type=email]#address");
  if (typed && address && address.value === "") {
    address.value = typed;
    history.replaceState(null, "", location.pathname + location.search);
  }

  // A page that came as the answer to a form. Whoever loads it again or comes back to it gets the page that led here, as it is
  // then, instead of the browser's question whether to send the form once more.
  const again = document.querySelector("[data-again]")?.dataset.again;
  if (again) {
    history.replaceState(null, "", again + location.hash);
  }

  // A browser moves the focus to what a fragment names, in its own time. A sheet hands it on: back to where it was inside, or
  // to the field or heading that comes first.
  let focused = null;
  document.addEventListener("focusin", ({ target }) => {
    const sheet = target.closest(".sheet");
    if (sheet !== target) {
      focused = target;
    } else if (sheet.contains(focused) && focused.checkVisibility()) {
      focused.focus();
    } else {
      (sheet.querySelector("[data-first]") ?? sheet.querySelector("h2")).focus();
    }
  });

  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    const sheet = target?.closest(".sheet");
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
    }
    if (!sheet) {
      focused = null;
    } else if (!sheet.contains(document.activeElement)) {
      sheet.focus();
    }
  };
  addEventListener("hashchange", open);
  open();

  const offerCopies = () => {
    for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy][hidden]") : []) {
      const words = button.querySelector("span");
      const usual = words.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent.trim());
        words.textContent = button.dataset.copied;
        setTimeout(() => (words.textContent = usual), 2000);
      });
    }
  };
  offerCopies();

  const menus = () => document.querySelectorAll("details.me[open]");
  addEventListener("click", (event) => {
    menus().forEach((menu) => (menu.open = menu.contains(event.target)));
  });
  // Nobody tabs out of an open sheet into the page under it.
  const stay = (event) => {
    const sheet = document.querySelector(".sheet:target");
    const stops = [...(sheet?.querySelectorAll('a:not([tabindex="-1"]), button, input:not([type="hidden"]), select, textarea') ?? [])];
    const leaves = document.activeElement === stops.at(event.shiftKey ? 0 : -1) || !sheet?.contains(document.activeElement);
    if (stops.length > 0 && leaves) {
      event.preventDefault();
      stops.at(event.shiftKey ? -1 : 0).focus();
    }
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Tab") {
      stay(event);
    }
    if (event.key !== "Escape") {
      return;
    }
    menus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    const sheet = document.querySelector(".sheet:target");
    if (sheet) {
      location.hash = "main";
      // not before the browser has taken the focus away, which it does with the next frame
      requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(`[href="#${sheet.id}"]`)?.focus()));
    }
  });

  const marks = () => [...document.querySelectorAll("[data-until]")];
  const language = document.documentElement.lang;
  const unit = (count, name) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

  const words = (seconds) => {
    const parts = [
      [Math.floor(seconds / 86400), "day"],
      [Math.floor(seconds / 3600) % 24, "hour"],
      [Math.floor(seconds / 60) % 60, "minute"],
      [seconds % 60, "second"],
    ].filter(([count]) => count > 0);
    return parts.length === 0
      ? unit(0, "second")
      : parts
          .slice(0, 2)
          .map(([count, name]) => unit(count, name))
          .join(" ");
  };

  const show = () => {
    for (const mark of marks()) {
      const left = Math.floor((Date.parse(mark.dataset.until) - Date.now()) / 1000);
      mark.textContent = words(Math.max(0, left));
    }
  };
  show();
  setInterval(show, 1000);
  document.addEventListener("lockbox:renewed", () => {
    offerCopies();
    show();
  });
})();
