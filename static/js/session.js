// What a session showed leaves the screen when the session ends, whether or not the server can be reached then.
// Two minutes before, it says so, and one may stay. Other tabs of the same session count as being here too.
const menu = document.querySelector("details.me");
const notice = document.querySelector(".ending");
const lasts = Number(menu.dataset.sessionSeconds) * 1000;
const warning = Math.min(120_000, lasts / 2);
let ends;
let timer;
let signsOut = false;

function leave(wait = 0) {
  document.title = "Signed out – As One";
  document.body.replaceChildren();
  const here = encodeURIComponent(location.pathname + location.search);
  setTimeout(() => location.replace(`${menu.dataset.signIn}?next=${here}`), wait);
}

function look() {
  clearTimeout(timer);
  const left = ends - Date.now();
  if (left <= 0) return leave();
  notice.hidden = left > warning;
  timer = setTimeout(look, notice.hidden ? left - warning : left);
}

function begin() {
  ends = Date.now() + lasts;
  const at = new Date(ends).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  notice.querySelector(".ending-at").textContent = at;
  look();
}

// Tabs hear of each other by locks that all hold and one takes away, so that nothing is said or kept anywhere.
function hear(name, then) {
  const held = navigator.locks?.request(name, { mode: "shared" }, () => new Promise(() => {}));
  held?.catch(() => {
    then();
    hear(name, then);
  });
}

function tell(name) {
  return navigator.locks?.request(name, { steal: true }, () => {}).catch(() => {});
}

notice.querySelector("button").addEventListener("click", async () => {
  const answer = await fetch(menu.dataset.stay, { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (!answer) return;
  if (!answer.ok) return leave();
  begin();
  tell("here");
  document.querySelector("main").focus();
});

document.addEventListener("submit", ({ target }) => {
  signsOut = /\/(logout|sign-out-everywhere)\/$/.test(new URL(target.action).pathname);
  if (signsOut) tell("signed-out");
});
// A computer that slept, and a page that the browser kept for going back to.
document.addEventListener("visibilitychange", look);
addEventListener("pageshow", look);

begin();
await tell("here");
hear("here", begin);
// Another tab is signing out: this one asks the server only when that is done.
hear("signed-out", () => signsOut || leave(3000));
