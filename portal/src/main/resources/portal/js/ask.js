// Keeps what stands beside the form of a request true while it is filled in. It presses the Preview button in the
// background and takes over what the answer shows; nothing is sent to a customer.
"use strict";
(() => {
  const form = document.getElementById("ask");
  const PAUSE = 500;
  let timer = 0;
  let asked = 0;

  const take = (id, from) => {
    const fresh = from.getElementById(id);
    const here = document.getElementById(id);
    if (fresh && here) {
      here.replaceWith(document.importNode(fresh, true));
    }
  };

  const look = () => {
    const number = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "preview");
    const call = new XMLHttpRequest();
    call.open("POST", form.getAttribute("action"));
    call.responseType = "document";
    call.addEventListener("load", () => {
      if (number !== asked || call.status !== 200 || !call.response) {
        return;
      }
      take("preview", call.response);
      take("speeds", call.response);
      for (const ofSystem of ["level", "tables", "statements"]) {
        const fresh = call.response.getElementById(ofSystem);
        if (fresh && fresh.dataset.of !== document.getElementById(ofSystem).dataset.of) {
          take(ofSystem, call.response);
        }
      }
    });
    call.send(fields);
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
})();
