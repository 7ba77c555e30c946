"use strict";
// Draws maps of statements: points in a canvas, moved and enlarged by mouse, finger or key. Nothing is fetched.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const reach = 32000, grey = "#9AA5B1", near = 9;

  const start = (figure) => {
    const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const places = new Int16Array(bytes(data.places).buffer);
    const colourings = data.colourings.map((each) => ({
      ...each, codes: each.wide ? new Uint16Array(bytes(each.codes).buffer) : bytes(each.codes),
    }));
    const quotes = new Map(data.quotes);
    const canvas = figure.querySelector("canvas"), tip = figure.querySelector(".map-tip");
    const legend = figure.querySelector(".map-legend"), choose = figure.querySelector("select");
    const pen = canvas.getContext("2d");
    const view = { x: 0, y: 0, zoom: 1 };
    let colouring = colourings[0], chosen = -1, waiting = false;

    const colourOf = (kind) => (kind < data.palette.length - 2 ? data.palette[kind] : grey);
    const scale = () => (Math.min(canvas.clientWidth, canvas.clientHeight) / 2 - 10) * view.zoom;
    const spot = (point) => {
      const size = scale();
      return [canvas.clientWidth / 2 + (places[2 * point] / reach - view.x) * size,
        canvas.clientHeight / 2 - (places[2 * point + 1] / reach - view.y) * size];
    };

    const paint = () => {
      waiting = false;
      const ratio = window.devicePixelRatio || 1, wide = canvas.clientWidth, high = canvas.clientHeight;
      canvas.width = wide * ratio;
      canvas.height = high * ratio;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, wide, high);
      const side = Math.max(1.5, Math.min(6, 2.2 * Math.sqrt(view.zoom) * (data.count < 5000 ? 1.5 : 1)));
      const draw = (wanted) => {
        for (let kind = colouring.names.length - 1; kind >= 0; kind -= 1) {
          if (!wanted(kind)) continue;
          pen.fillStyle = chosen < 0 || kind === chosen ? colourOf(kind === chosen ? Math.min(kind, 1) : kind) : "#E1E5EA";
          for (let point = 0; point < data.count; point += 1) {
            if (colouring.codes[point] !== kind) continue;
            const [x, y] = spot(point);
            if (x > -side && y > -side && x < wide + side && y < high + side) pen.fillRect(x - side / 2, y - side / 2, side, side);
          }
        }
      };
      draw((kind) => kind !== chosen);
      if (chosen >= 0) draw((kind) => kind === chosen);
    };
    const redraw = () => { if (!waiting) { waiting = true; requestAnimationFrame(paint); } };

    const writeLegend = () => {
      legend.replaceChildren(...colouring.names.map((name, kind) => {
        const button = document.createElement("button"), mark = document.createElement("span");
        button.type = "button";
        button.dir = "auto";
        mark.className = "map-mark";
        mark.style.background = colourOf(kind);
        button.append(mark, document.createTextNode(name));
        button.setAttribute("aria-pressed", String(kind === chosen));
        button.addEventListener("click", () => { chosen = kind === chosen ? -1 : kind; writeLegend(); redraw(); legend.children[kind].focus(); });
        return button;
      }));
    };

    const pointAt = (x, y) => {
      let best = -1, least = near * near;
      for (let point = 0; point < data.count; point += 1) {
        const [px, py] = spot(point), away = (px - x) ** 2 + (py - y) ** 2;
        if (away < least || (away === least && quotes.has(point))) { least = away; best = point; }
      }
      return best;
    };
    const hideTip = () => { tip.hidden = true; };
    const showTip = (x, y) => {
      const point = pointAt(x, y);
      if (point < 0) { hideTip(); return; }
      const lines = colourings.map((each) => {
        const line = document.createElement("p");
        line.dir = "auto";
        line.textContent = `${each.title}: ${each.names[each.codes[point]]}`;
        return line;
      });
      if (quotes.has(point)) {
        const quote = document.createElement("blockquote");
        quote.dir = "auto";
        quote.textContent = quotes.get(point);
        lines.unshift(quote);
      }
      tip.replaceChildren(...lines);
      tip.hidden = false;
      const room = canvas.clientWidth - tip.offsetWidth;
      tip.style.left = `${Math.max(0, Math.min(room, x + 14))}px`;
      tip.style.top = `${y + 14 + tip.offsetHeight > canvas.clientHeight ? Math.max(0, y - tip.offsetHeight - 10) : y + 14}px`;
    };

    const keepInside = () => {
      view.zoom = Math.max(1, Math.min(60, view.zoom));
      canvas.style.touchAction = view.zoom > 1 ? "none" : "pan-y";
      for (const axis of ["x", "y"]) view[axis] = Math.max(-1, Math.min(1, view.zoom > 1 ? view[axis] : 0));
    };
    const enlarge = (by, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
      const before = scale();
      view.zoom *= by;
      view.zoom = Math.max(1, Math.min(60, view.zoom));
      const after = scale(), dx = x - canvas.clientWidth / 2, dy = canvas.clientHeight / 2 - y;
      view.x += dx / before - dx / after;
      view.y += dy / before - dy / after;
      keepInside();
      hideTip();
      redraw();
    };
    const move = (dx, dy) => {
      view.x -= dx / scale();
      view.y += dy / scale();
      keepInside();
      hideTip();
      redraw();
    };

    const fingers = new Map();
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return Math.hypot(a.x - b.x, a.y - b.y);
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    canvas.addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, at(event)); });
    canvas.addEventListener("pointermove", (event) => {
      const now = at(event), before = fingers.get(event.pointerId);
      if (!before) { showTip(now.x, now.y); return; }
      if (fingers.size === 2) {
        const was = spread();
        fingers.set(event.pointerId, now);
        enlarge(spread() / (was || 1), now.x, now.y);
        return;
      }
      if (Math.hypot(now.x - before.x, now.y - before.y) < 2) return;
      fingers.set(event.pointerId, now);
      if (!canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
      move(now.x - before.x, now.y - before.y);
    });
    const lift = (event) => { fingers.delete(event.pointerId); };
    canvas.addEventListener("pointerup", (event) => { const now = at(event); lift(event); if (event.pointerType === "touch") showTip(now.x, now.y); });
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("pointerleave", (event) => { if (!canvas.hasPointerCapture(event.pointerId)) lift(event); if (event.pointerType !== "touch") hideTip(); });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      const { x, y } = at(event);
      enlarge(event.deltaY < 0 ? 1.2 : 1 / 1.2, x, y);
    }, { passive: false });
    const step = 40;
    const keys = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const whole = () => { view.zoom = 1; keepInside(); hideTip(); redraw(); };
    canvas.addEventListener("keydown", (event) => {
      if (event.key in keys) move(...keys[event.key]);
      else if (event.key === "+" || event.key === "=") enlarge(1.4);
      else if (event.key === "-") enlarge(1 / 1.4);
      else if (event.key === "0") whole();
      else return;
      event.preventDefault();
    });
    figure.querySelector("[data-do=enlarge]").addEventListener("click", () => enlarge(1.6));
    figure.querySelector("[data-do=reduce]").addEventListener("click", () => enlarge(1 / 1.6));
    figure.querySelector("[data-do=whole]").addEventListener("click", whole);
    colourings.forEach((each, number) => choose.add(new Option(each.title, String(number))));
    choose.addEventListener("change", () => { colouring = colourings[Number(choose.value)]; chosen = -1; writeLegend(); redraw(); });
    new ResizeObserver(redraw).observe(canvas);
    keepInside();
    writeLegend();
    paint();
    figure.querySelector(".map").hidden = false;
    figure.dataset.drawn = "true";
    figure.dataset.points = String(data.count);
  };

  for (const figure of document.querySelectorAll("figure.voc-map")) {
    try {
      start(figure);
    } catch (error) {
      console.error("a map could not be drawn:", error.message);
      const still = figure.querySelector("noscript");
      if (still) figure.querySelector(".map-still").innerHTML = still.textContent;
    }
  }
})();
