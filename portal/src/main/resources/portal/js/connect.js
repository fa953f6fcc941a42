// Makes the token of a login in this browser, and takes it along behind "#" until the gateway's own page has it: what stands
// there is sent to nobody, so the server that serves these pages learns its SHA-256 alone (docs/spec/signatures.md).
"use strict";
(() => {
  const maker = document.getElementById("make-token");
  const signing = document.getElementById("sign");
  const door = document.getElementById("door");
  const carried = location.hash.slice(1);

  // It leaves the address bar and the history of this page.
  history.replaceState(null, "", location.pathname + location.search);

  const base64url = (bytes) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/=+$/, "");

  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const make = async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    maker.elements.namedItem("token").value = hex(await crypto.subtle.digest("SHA-256", secret));
    maker.action = `${maker.getAttribute("action")}#${base64url(secret)}`;
    maker.submit();
  };

  if (maker) {
    make();
    maker.addEventListener("submit", (event) => {
      event.preventDefault();
      make();
    });
  } else if (signing) {
    const { user } = JSON.parse(document.getElementById("payload").textContent);
    signing.action = `${signing.getAttribute("action")}#${user}.${carried}`;
  } else if (carried) {
    door.href += `#${carried}`;
    location.replace(door.href);
  } else {
    document.getElementById("lost").hidden = false;
    door.hidden = true;
  }
})();
