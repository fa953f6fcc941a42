// Shows new mail by itself: looks every two seconds and reloads once there is more than the page shows.
const shown = Number(document.querySelector("main").dataset.count);
setInterval(async () => {
  const answer = await fetch("/mail/count");
  if (answer.ok && Number(await answer.text()) !== shown) location.reload();
}, 2000);
