"use strict";
// Draws the page's figures from the data that stand beside them. Nothing is fetched; nothing is evaluated.
(async () => {
  const contents = document.querySelector("details.contents");
  if (contents && window.matchMedia("(max-width: 63.99rem)").matches) contents.open = false;

  const showStill = (figure) => {
    const still = figure.querySelector("noscript");
    if (still) figure.querySelector(".chart").innerHTML = still.textContent;
  };

  const figures = [...document.querySelectorAll("figure.voc-figure")].filter((figure) => figure.querySelector("script"));
  if (!figures.length) return;
  // Charts measure their labels, so the embedded font must be there before they are drawn.
  const family = document.documentElement.dataset.font;
  if (family) {
    await Promise.allSettled([400, 600].map((weight) => document.fonts.load(`${weight} 12px ${family}`, "سلام A")));
  }
  for (const figure of figures) {
    try {
      const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      delete spec.usermeta;
      await window.vegaEmbed(figure.querySelector(".chart"), spec, {
        actions: false, ast: true, mode: "vega-lite", renderer: "svg", tooltip: { theme: "custom" },
      });
      figure.dataset.drawn = "true";
    } catch (error) {
      console.error("a figure could not be drawn:", error.message);
      showStill(figure);
    }
  }
})();
