// Recounts the weekly total on the server as one types; without it, "Update totals" does the same.
const form = document.querySelector("form[data-totals-url]");
const totals = form?.querySelector("[data-totals]");
let timer;
let newest = 0;

async function recount() {
  const mine = ++newest;
  try {
    const answer = await fetch(form.dataset.totalsUrl, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const text = await answer.text();
    if (!answer.ok || mine !== newest) return;
    totals.innerHTML = text;
    for (const line of totals.querySelectorAll("[data-line]")) {
      const shown = form.querySelector(`[data-weekly="${line.dataset.line}"]`);
      if (shown) shown.textContent = line.textContent;
    }
  } catch {
    // Offline: the last total stays until the next change or "Update totals".
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(recount, 400);
});
