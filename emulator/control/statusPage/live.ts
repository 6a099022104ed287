/**
 * What the page does in the browser: asks for itself every two seconds while somebody looks, puts in the sections that
 * have changed, and copies addresses. A section in which only times went on keeps its place, so that what a reader has
 * selected or opened stays.
 */
export const live = `
const still = (section) => {
  const copy = section.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  return copy.innerHTML;
};

function put(fresh) {
  const shown = document.getElementById(fresh.id);
  for (const fold of shown.querySelectorAll("details[open]")) fresh.querySelector("#" + fold.id)?.setAttribute("open", "");
  if (still(shown) !== still(fresh)) return shown.replaceWith(fresh);
  const times = shown.querySelectorAll("time");
  fresh.querySelectorAll("time").forEach((time, at) => {
    times[at].textContent = time.textContent;
  });
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const section of page.querySelectorAll("header, section")) put(section);
    document.body.classList.remove("lost");
  } catch {
    document.body.classList.add("lost");
  }
}

async function repeat() {
  await look();
  setTimeout(repeat, 2000);
}

document.addEventListener("visibilitychange", look);
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[value]");
  if (!button) return;
  await navigator.clipboard.writeText(button.value);
  button.textContent = "copied";
  setTimeout(() => (button.textContent = "copy"), 1500);
});
document.body.classList.add("live");
setTimeout(repeat, 2000);
`;
