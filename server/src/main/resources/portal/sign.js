// Lets a passkey sign the statement that this page shows. What is signed is computed here from the very text in the
// page: challenge = SHA-256 of the DSSE pre-authentication encoding of type and payload (docs/spec/signatures.md).
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

  const sign = async () => {
    const assertion = await navigator.credentials.get({
      publicKey: {
        challenge: await challenge(),
        rpId: form.dataset.relyingParty,
        allowCredentials: form.dataset.credentials
          .split(" ")
          .filter((id) => id !== "")
          .map((id) => ({ type: "public-key", id: bytes(id) })),
        userVerification: "required",
      },
    });
    form.elements.credential.value = base64url(assertion.rawId);
    form.elements.authenticatorData.value = base64url(assertion.response.authenticatorData);
    form.elements.clientDataJSON.value = base64url(assertion.response.clientDataJSON);
    form.elements.signature.value = base64url(assertion.response.signature);
    form.submit();
  };

  button.addEventListener("click", () => {
    failed.hidden = true;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    sign().catch(() => {
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
