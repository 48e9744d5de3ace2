// A thread: all answers folded or unfolded at once.

const thread = document.querySelector(".thread");
const folds = thread ? [...thread.querySelectorAll("details")] : [];

if (folds.length > 1) {
  const tools = document.createElement("div");
  tools.className = "thread-tools unprinted";
  for (const [name, open] of [["Fold all answers", false], ["Unfold all", true]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = name;
    button.addEventListener("click", () => folds.forEach((fold) => { fold.open = open; }));
    tools.append(button);
  }
  thread.before(tools);
}

// A link to what stands in a fold opens it, also where the browser does not by itself.
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  let fold = target.closest("details");
  const closed = fold && !fold.open;
  for (; fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  if (closed) target.scrollIntoView();
}

addEventListener("hashchange", reveal);
reveal();
