// Buttons for passkeys appear only where the browser can use them; what goes wrong is said in words.
(function () {
  const able = typeof window.PublicKeyCredential === "function";
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !able;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = able;

  document.addEventListener("allauth.error", () => {
    const main = document.getElementById("main");
    let banner = document.getElementById("passkey-error");
    if (!banner) {
      banner = document.createElement("div");
      banner.id = "passkey-error";
      banner.className = "govuk-error-summary";
      banner.setAttribute("role", "alert");
      banner.tabIndex = -1;
      const words = document.createElement("p");
      words.className = "govuk-error-summary__title";
      words.textContent = "The passkey was not used. Try again, or go on another way.";
      banner.append(words);
      main.prepend(banner);
    }
    banner.focus();
  });
})();
