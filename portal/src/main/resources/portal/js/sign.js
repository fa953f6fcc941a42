// Lets a passkey sign the statement that this page shows, or several one after the other, or makes a new passkey where the
// form names its maker. The challenge is computed here from the very text in the page: challenge = SHA-256 of the DSSE
// pre-authentication encoding of type and payload (docs/spec/signatures.md).
"use strict";
(() => {
  const form = document.getElementById("sign");
  const button = document.getElementById("with-passkey");
  const failed = document.getElementById("failed");
  const utf8 = new TextEncoder();

  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/=+$/, "");

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

  // The statements of this page: what is signed, where its answer goes, and whether there is one.
  const statements = form.dataset.type
    ? [{ type: form.dataset.type, place: document, payload: "#payload", challenge: "#challenge" }]
    : [...form.querySelectorAll("[data-type]")].map((place) => ({
        type: place.dataset.type,
        place,
        payload: ".payload",
        challenge: ".challenge",
      }));

  const challenge = ({ type, place, payload: where }) => {
    const payload = place.querySelector(where).textContent;
    const length = (text) => utf8.encode(text).length;
    const pae = `DSSEv1 ${length(type)} ${type} ${length(payload)} ${payload}`;
    return crypto.subtle.digest("SHA-256", utf8.encode(pae));
  };

  const known = () =>
    form.dataset.credentials
      .split(" ")
      .filter((id) => id !== "")
      .map((id) => ({ type: "public-key", id: bytes(id) }));

  const fill = ({ place }, answers) => {
    for (const [name, buffer] of Object.entries(answers)) {
      place.querySelector(`[name="${name}"]`).value = base64url(buffer);
    }
  };

  const sign = async (statement) => {
    const assertion = await navigator.credentials.get({
      publicKey: {
        challenge: await challenge(statement),
        rpId: form.dataset.relyingParty,
        allowCredentials: known(),
        userVerification: "required",
      },
    });
    fill(statement, {
      credential: assertion.rawId,
      authenticatorData: assertion.response.authenticatorData,
      clientDataJSON: assertion.response.clientDataJSON,
      signature: assertion.response.signature,
    });
  };

  // What is signed stays signed if the next one is not: the button goes on from there, or sends those that are.
  const signAll = async () => {
    for (const statement of statements.filter(({ signed }) => !signed)) {
      await sign(statement);
      statement.signed = true;
      statement.place.querySelector("[data-signed]")?.removeAttribute("hidden");
      document.getElementById("send-signed")?.removeAttribute("hidden");
    }
  };

  const make = async () => {
    const [statement] = statements;
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: await challenge(statement),
        rp: { id: form.dataset.relyingParty, name: "Lockbox" },
        user: {
          id: bytes(form.dataset.maker),
          name: form.dataset.makerName,
          displayName: form.dataset.makerShown,
        },
        pubKeyCredParams: [
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -8 },
        ],
        excludeCredentials: known(),
        authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
        attestation: "none",
      },
    });
    fill(statement, {
      authenticatorData: made.response.getAuthenticatorData(),
      clientDataJSON: made.response.clientDataJSON,
    });
  };

  button.addEventListener("click", () => {
    failed.hidden = true;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    const all = form.dataset.maker ? make() : signAll();
    all.then(() => form.submit()).catch((error) => {
      // A device that makes none of the kinds that we verify says so by this name (WebAuthn Level 3, 5.1.3).
      if (failed.dataset.unsupported) {
        failed.textContent = error.name === "NotSupportedError" ? failed.dataset.unsupported : failed.dataset.failed;
      }
      failed.hidden = false;
      button.disabled = false;
      button.removeAttribute("aria-busy");
      button.focus();
    });
  });

  // Pressed before this script was here, it would have done nothing.
  button.disabled = false;

  for (const statement of statements) {
    challenge(statement).then((hash) => {
      statement.place.querySelector(statement.challenge).textContent = base64url(hash);
    });
  }
})();
