// Keeps a checklist as it is typed. The page works without this file: its buttons save and send.
//
// Every pause posts the form. What the server kept becomes what each answer "was", so that only answers changed here
// count as changed here. An answer that somebody else changed meanwhile is shown with both values, to choose from.

const PAUSE = 900;
const RETRY = 8000;
const form = document.querySelector("#checklist[data-autosave]");

// ---- "Same" confirms last month's number by writing it where it can be seen; typing takes the tick away.
for (const same of document.querySelectorAll("[data-same]")) {
  const box = document.getElementById(`a-${same.dataset.same}`);
  same.addEventListener("change", () => {
    box.value = same.checked ? same.dataset.last : "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  box.addEventListener("input", () => {
    same.checked = box.value.trim() === same.dataset.last;
  });
}

if (form) keepSaved(form);

function keepSaved(form) {
  const line = form.querySelector("[data-saved]");
  let timer = 0;
  let unsaved = false;
  let sending = false;
  let again = false;
  let leaving = false;

  form.addEventListener("input", () => soon(PAUSE));
  form.addEventListener("change", () => soon(PAUSE));
  form.addEventListener("submit", submitted);
  window.addEventListener("online", () => unsaved && save());
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved && !leaving) save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });

  function soon(wait) {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function submitted(event) {
    // Two presses are one; the button's own value must still be sent, so it is stopped here and not disabled.
    if (leaving) return event.preventDefault();
    if (!navigator.onLine) {
      event.preventDefault();
      return say("Not sent: no connection. What you typed stays here; try again when the connection is back.", false);
    }
    leaving = true;
    clearTimeout(timer);
    setTimeout(() => { leaving = false; }, 15000);
  }

  async function save() {
    if (leaving) return;
    if (sending) { again = true; return; }
    clearTimeout(timer);
    sending = true;
    const sent = new FormData(form);
    sent.delete("act");
    unsaved = false;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: sent, credentials: "same-origin", headers: { Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      });
      if (answer.redirected || answer.status === 403) throw new SignedOut();
      const told = await answer.json();
      if (answer.status === 409) return say(told.message, false);
      if (!answer.ok) throw new Error(String(answer.status));
      kept(told, sent);
    } catch (error) {
      unsaved = true;
      say(error instanceof SignedOut
        ? "Not saved: you were signed out. Sign in again in another tab, then come back and go on."
        : "Not saved yet: no connection. Leave this page open; it saves when the connection is back.", false);
      timer = setTimeout(save, RETRY);
    } finally {
      sending = false;
      if (again) { again = false; soon(PAUSE); }
    }
  }

  function kept(told, sent) {
    const inConflict = new Set(told.conflicts.map((each) => (each.evidence ? "e" : "a") + each.key));
    for (const [key, [value, evidence]] of Object.entries(told.kept)) {
      if (!inConflict.has(`a${key}`)) settle(`a-${key}`, `was-${key}`, value, sent);
      if (!inConflict.has(`e${key}`)) settle(`e-${key}`, `ewas-${key}`, evidence, sent);
      fault(key, told.faults[key] || "");
    }
    told.conflicts.forEach(choose);
    const problems = Object.keys(told.faults).length + told.conflicts.length;
    const count = `${told.answered} of ${told.of} answered`;
    if (problems) say(`Draft saved ${told.at}, except ${problems === 1 ? "1 answer" : `${problems} answers`}. ${count}`, false);
    else say(`Draft saved ${told.at}. ${count}`, true);
  }

  // What is now saved; shown too where nobody here has changed it, so that a colleague's answer appears.
  function settle(name, wasName, saved, sent) {
    const was = form.elements.namedItem(wasName);
    if (!was) return;
    const mine = valueOf(name);
    const untouched = mine === (sent.get(name) ?? "") && normal(mine) === normal(was.value);
    was.value = saved;
    if (untouched && normal(mine) !== normal(saved)) setValue(name, saved);
  }

  function fault(key, message) {
    const place = form.querySelector(`[data-message="${key}"]`);
    if (!place) return;
    place.querySelector("[data-words]").textContent = message;
    place.hidden = !message;
    form.querySelector(`#q-${key}`).classList.toggle("q-error", Boolean(message));
    const box = form.querySelector(`#a-${key}`);
    if (box) {
      box.classList.toggle("govuk-input--error", Boolean(message) && box.tagName === "INPUT");
      describe(box, place.id, Boolean(message));
    }
  }

  function describe(box, id, present) {
    const ids = new Set((box.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
    if (present) ids.add(id); else ids.delete(id);
    if (ids.size) box.setAttribute("aria-describedby", [...ids].join(" ")); else box.removeAttribute("aria-describedby");
  }

  function choose(conflict) {
    fault(conflict.key, `${conflict.by} saved ${quoted(conflict.theirs)} while you had ${quoted(conflict.mine)}. Choose one.`);
    const place = form.querySelector(`[data-choose="${conflict.key}"]`);
    const [name, was] = conflict.evidence ? [`e-${conflict.key}`, `ewas-${conflict.key}`] : [`a-${conflict.key}`, `was-${conflict.key}`];
    place.replaceChildren(
      button(`Keep ${quoted(conflict.mine)}`, () => settled(conflict.mine)),
      button(`Take ${quoted(conflict.theirs)}`, () => settled(conflict.theirs)),
    );
    place.hidden = false;

    function settled(value) {
      form.elements.namedItem(was).value = conflict.theirs;
      setValue(name, value);
      place.hidden = true;
      fault(conflict.key, "");
      focusOn(name);
      save();
    }
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function valueOf(name) {
    return form.elements.namedItem(name)?.value ?? "";
  }

  function setValue(name, value) {
    const control = form.elements.namedItem(name);
    if (control instanceof RadioNodeList && value === "") control.forEach((each) => { each.checked = false; });
    else if (control) control.value = value;
  }

  function focusOn(name) {
    const control = form.elements.namedItem(name);
    if (control instanceof RadioNodeList) ([...control].find((each) => each.checked) || control[0]).focus();
    else control?.focus();
  }

  function say(words, isSaved) {
    line.classList.toggle("saved-not", !isSaved);
    line.firstElementChild.textContent = words;
  }
}

function quoted(text) {
  return text ? `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”` : "nothing";
}

function normal(text) {
  return text.replace(/\r\n?/g, "\n").trim();
}

class SignedOut extends Error {}
