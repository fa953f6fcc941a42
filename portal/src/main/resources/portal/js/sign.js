// Lets a passkey sign the statement that this page shows, or makes a new passkey where the form names its maker. The
// challenge is computed here from the very text in the page: challenge = SHA-256 of the DSSE pre-authentication encoding of type and payload (docs/spec/signatures.md).
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

  const challenge = () => {
    const type = form.dataset.type;
    const payload = document.getElementById("payload").textContent;
    const length = (text) => utf8.encode(text).length;
    const pae = `DSSEv1 ${length(type)} ${type} ${length(payload)} ${payload}`;
    return crypto.subtle.digest("SHA-256", utf8.encode(pae));
  };

  const known = () =>
    form.dataset.credentials
      .split(" ")
      .filter((id) => id !== "")
      .map((id) => ({ type: "public-key", id: bytes(id) }));

  const fill = (answers) => {
    for (const [name, buffer] of Object.entries(answers)) {
      form.elements[name].value = base64url(buffer);
    }
    form.submit();
  };

  const sign = async () => {
    const assertion = await navigator.credentials.get({
      publicKey: {
        challenge: await challenge(),
        rpId: form.dataset.relyingParty,
        allowCredentials: known(),
        userVerification: "required",
      },
    });
    fill({
      credential: assertion.rawId,
      authenticatorData: assertion.response.authenticatorData,
      clientDataJSON: assertion.response.clientDataJSON,
      signature: assertion.response.signature,
    });
  };

  const make = async () => {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: await challenge(),
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
    fill({
      authenticatorData: made.response.getAuthenticatorData(),
      clientDataJSON: made.response.clientDataJSON,
    });
  };

  button.addEventListener("click", () => {
    failed.hidden = true;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    (form.dataset.maker ? make() : sign()).catch((error) => {
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

  challenge().then((hash) => {
    document.getElementById("challenge").textContent = base64url(hash);
  });
})();
