// What the service worker shows when the site calls: one notification, which opens the reviews or ends the calls.
const TAG = "on-tap"; // a later call takes the place of one not seen

self.addEventListener("push", (event) => {
  if (!event.data) return;
  const told = event.data.json();
  const actions = [{ action: "stop", title: told.end }];
  event.waitUntil(self.registration.showNotification(told.title, { body: told.text, tag: TAG, data: told, actions }));
});

async function open(path) {
  const url = new URL(path, location.origin).href;
  const pages = await self.clients.matchAll({ type: "window" });
  const there = pages.find((page) => page.url === url);
  return there ? there.focus() : self.clients.openWindow(url);
}

async function stop(told) {
  const answer = await fetch(told.stop, { method: "POST" }).catch(() => null);
  if (!answer?.ok) return open(told.stop); // no line, or refused: the page says what to do
  return self.registration.showNotification(told.ended, { tag: TAG, data: told });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const told = event.notification.data;
  event.waitUntil(event.action === "stop" ? stop(told) : open(told.open));
});
