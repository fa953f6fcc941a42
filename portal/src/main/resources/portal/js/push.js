// Asks the browser whether it may be told by push, and gives the server what it needs to reach it. Without script, or in a
// browser without push, nothing is offered.
"use strict";
(() => {
  const form = document.getElementById("push-form");
  const said = document.getElementById("push-said");
  const say = (words) => {
    said.textContent = words;
    said.hidden = false;
  };
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    say(said.dataset.unable);
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const same = (one, other) => one && text(one) === text(other);

  const worker = () => {
    const ours = window.trustedTypes
      ? trustedTypes.createPolicy("lockbox-worker", { createScriptURL: () => "/worker.js" }).createScriptURL("")
      : "/worker.js";
    return navigator.serviceWorker.register(ours);
  };
  let registering;

  const subscribe = async () => {
    registering ??= worker();
    await registering;
    const registration = await navigator.serviceWorker.ready;
    const applicationServerKey = bytes(form.dataset.key);
    const before = await registration.pushManager.getSubscription();
    if (before && !same(before.options.applicationServerKey, applicationServerKey)) {
      await before.unsubscribe();
    }
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  };

  form.hidden = false;
  form.querySelector("button").addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        say(said.dataset.denied);
        return;
      }
      const subscription = await subscribe();
      form.elements.endpoint.value = subscription.endpoint;
      form.elements.key.value = text(subscription.getKey("p256dh"));
      form.elements.secret.value = text(subscription.getKey("auth"));
      form.submit();
    } catch {
      say(said.dataset.failed);
    }
  });
})();
