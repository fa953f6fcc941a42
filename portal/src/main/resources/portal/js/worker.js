// What the browser runs when a push message comes, also while no page of ours is open. It keeps nothing, reads nothing of
// ours, and answers for no page: the message says where to look, and looking needs a sign-in.
"use strict";
const WORDS = __WORDS__;
const OPENS = /^\/(?:requests\/R-[0-9A-Z]{1,20})?$/;

const said = () => {
  const known = navigator.languages.map((one) => one.slice(0, 2)).find((one) => Object.hasOwn(WORDS, one));
  return WORDS[known ?? "en"];
};

const path = (message) => {
  try {
    const wanted = message.json().path;
    return OPENS.test(wanted) ? wanted : "/";
  } catch {
    return "/";
  }
};

addEventListener("push", (event) => {
  const where = event.data ? path(event.data) : "/";
  const { title, body } = said();
  event.waitUntil(
    registration.showNotification(title, {
      body,
      tag: where,
      renotify: true,
      icon: "__ICON__",
      data: { path: where },
    }),
  );
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data.path));
});
