// Names of languages beside their tags, in the reader's own language: the browser knows them.

const names = new Intl.DisplayNames(undefined, { type: "language", fallback: "none" });

for (const place of document.querySelectorAll("[data-language]")) {
  try {
    const name = names.of(place.dataset.language);
    if (name) place.textContent = `${name} (${place.dataset.language})`;
  } catch {
    // A tag that is none stays as it is.
  }
}
