// What was typed into a long form is not lost by a slip: before such a page is left, the browser asks. A page that answers to
// such a form holds what was typed before.
"use strict";
(() => {
  const SENT = "form";
  const answers = sessionStorage.getItem(SENT) !== null;
  sessionStorage.removeItem(SENT);
  if (!document.querySelector("form[data-keep]")) {
    return;
  }
  let unsent = answers;
  document.addEventListener("input", (event) => (unsent ||= event.target.closest("form[data-keep]") !== null));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-keep]")) {
      unsent = false;
      sessionStorage.setItem(SENT, "sent");
    }
  });
  addEventListener("beforeunload", (event) => {
    if (unsent) {
      event.preventDefault();
    }
  });
})();
