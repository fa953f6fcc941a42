// Small comforts; every page works without them. The browser's time zone goes along with a sign-in, times that run out
// count down, and what a link on the page leads to opens.
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

  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
    }
  };
  addEventListener("hashchange", open);
  open();

  const marks = [...document.querySelectorAll("[data-until]")];
  if (marks.length === 0) {
    return;
  }
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
    for (const mark of marks) {
      const left = Math.floor((Date.parse(mark.dataset.until) - Date.now()) / 1000);
      mark.textContent = words(Math.max(0, left));
    }
  };
  show();
  setInterval(show, 1000);
})();
