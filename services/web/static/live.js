// A part of a page that changes: asked for again as long as it says so, and put in its place.

const slowest = 15;

async function look(region, seconds) {
  await new Promise((done) => setTimeout(done, seconds * 1000));
  if (document.hidden) {
    await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
  }
  let next = seconds;
  let shown = region;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    if (answer.ok && found) {
      if (found.innerHTML !== region.innerHTML && !region.contains(document.activeElement)) {
        shown = document.adoptNode(found);
        region.replaceWith(shown);
      }
      next = found.dataset.every ? Math.min(seconds * 1.2, Math.max(slowest, Number(found.dataset.every))) : 0;
    } else {
      next = slowest;
    }
  } catch {
    next = slowest;
  }
  if (next) look(shown, next);
}

const region = document.querySelector("[data-live][data-every]");
if (region) look(region, Number(region.dataset.every));
