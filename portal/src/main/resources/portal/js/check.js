// Computes in this browser that an entry is in the log that the newest checkpoint describes: RFC 9162, section 2.1.3.2.
// The script comes from the same server as the checkpoint. Who does not believe it takes the evidence and the offline
// verifier.
"use strict";
(() => {
  const said = document.getElementById("check-words").dataset;
  const words = (text, ...values) => values.reduce((all, value, n) => all.replace(`{${n}}`, value), text);

  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const same = (a, b) => a.length === b.length && a.every((byte, n) => byte === b[n]);

  const hash = async (prefix, ...parts) => {
    const input = new Uint8Array(1 + parts.reduce((length, part) => length + part.length, 0));
    input[0] = prefix;
    let at = 1;
    for (const part of parts) {
      input.set(part, at);
      at += part.length;
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", input));
  };

  const root = async (leaf, index, size, hashes) => {
    let fn = index;
    let sn = size - 1;
    let r = leaf;
    for (const p of hashes) {
      if (sn === 0) {
        return null;
      }
      if (fn % 2 === 1 || fn === sn) {
        r = await hash(1, p, r);
        while (fn % 2 === 0 && fn !== 0) {
          fn = Math.floor(fn / 2);
          sn = Math.floor(sn / 2);
        }
      } else {
        r = await hash(1, r, p);
      }
      fn = Math.floor(fn / 2);
      sn = Math.floor(sn / 2);
    }
    return sn === 0 ? r : null;
  };

  const proven = async (index, sha256) => {
    const answer = await fetch(`/audit/entries/${index}/proof`);
    if (!answer.ok) {
      throw new Error(answer.status);
    }
    const { entry, proof } = await answer.json();
    const leaf = bytes(entry);
    const [origin, size, checkpointRoot] = proof.checkpoint.split("\n");
    const read = JSON.parse(new TextDecoder().decode(leaf));
    if (read.seq !== index || proof.index !== index || Number(size) !== proof.size || read.origin !== origin) {
      return 0;
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", leaf));
    if (sha256 && [...digest].map((b) => b.toString(16).padStart(2, "0")).join("") !== sha256) {
      return 0;
    }
    const made = await root(await hash(0, leaf), index, proof.size, proof.hashes.map(bytes));
    return made && same(made, bytes(checkpointRoot)) ? proof.size : 0;
  };

  const check = async (button) => {
    const index = Number(button.dataset.check);
    const result = document.createElement("output");
    result.className = "check";
    try {
      const size = await proven(index, button.dataset.sha256);
      result.textContent = size > 0 ? words(said.good, index, size) : words(said.bad, index);
      result.classList.add(size > 0 ? "good" : "bad");
    } catch {
      result.textContent = said.none;
    }
    button.parentElement.querySelector("output")?.remove();
    button.after(result);
  };

  if (!globalThis.crypto?.subtle) {
    return;
  }
  for (const button of document.querySelectorAll("button[data-check]")) {
    button.hidden = false;
    button.addEventListener("click", () => check(button));
  }
})();
