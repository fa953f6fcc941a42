// Puts what is recorded on top of the page while it happens, and says when access is over. A browser that lost the
// connection comes back by itself and says which index of the log it has; where it gives up, because a proxy answered while
// the server was away, this script begins anew from there. Without it the page is as new as its last reload.
"use strict";
(() => {
  const body = document.getElementById("live");
  const state = document.getElementById("live-state");
  const pause = document.getElementById("live-pause");
  const MOST = 500;
  const SOON = 2000;
  const SLOWEST = 60000;
  let next = Number(body.dataset.from);
  let pauseBefore = SOON;
  let waiting = [];

  // Words of the engineer: those that mix alphabets are marked, as on every page.
  const written = (parts, shortened) => {
    const words = document.createElement("code");
    words.className = "written";
    parts.forEach((part) => {
      const piece = document.createElement(part.marked ? "mark" : "span");
      piece.textContent = part.text;
      if (part.style) {
        piece.className = part.style;
      }
      words.append(piece);
    });
    if (shortened) {
      words.append(" …");
    }
    return words;
  };

  const icon = (name) => {
    const namespace = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(namespace, "svg");
    const use = document.createElementNS(namespace, "use");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${body.dataset.icons}#${name}`);
    picture.append(use);
    return picture;
  };

  // What a statement was marked as stays its mark, if its result has none.
  const outcome = (part, line, words) => {
    const marked = part.querySelector(".outcome");
    part.replaceChildren(words);
    if (line.mark && !(marked && marked.classList.contains("blocked"))) {
      const mark = document.createElement("span");
      mark.className = line.blocked ? "outcome blocked tone-bad" : "outcome tone-care";
      mark.append(icon(line.blocked ? "ban" : "triangle-alert"), line.mark);
      part.prepend(mark, " ");
    } else if (marked) {
      part.prepend(marked, " ");
    }
  };

  const tell = (step, line) => {
    step.className = `step ${line.tone}`;
    step.dataset.sort = line.sort;
    step.querySelector(".dot use").setAttribute("href", `${body.dataset.icons}#${line.icon}`);
  };

  const count = (fold) => {
    const summary = fold.querySelector("summary");
    const many = fold.querySelectorAll(".step").length;
    summary.textContent = many === 1 ? summary.dataset.one : summary.dataset.more.replace("{0}", many);
  };

  // What went wrong is never folded.
  const unfold = (step) => {
    const fold = step.parentElement.closest(".fold");
    if (fold) {
      fold.before(step);
      if (fold.querySelector(".step")) {
        count(fold);
      } else {
        fold.remove();
      }
    }
  };

  const finish = (line) => {
    const step = line.result && [...body.querySelectorAll(".step")].find((one) => one.dataset.statement === line.statement);
    if (!step) {
      return false;
    }
    if (line.mark && step.dataset.sort !== "blocked") {
      tell(step, line);
      unfold(step);
    }
    outcome(step.querySelector(".result"), line, line.words);
    return true;
  };

  const put = (step, line) => {
    if (!line.folded) {
      body.prepend(step);
      return;
    }
    let fold = body.firstElementChild;
    if (!fold || !fold.classList.contains("fold")) {
      fold = document.getElementById("live-fold").content.firstElementChild.cloneNode(true);
      body.prepend(fold);
    }
    fold.querySelector("ol").prepend(step);
    count(fold);
  };

  // How many of what is shown each choice would show.
  const counted = () => {
    for (const mark of document.querySelectorAll("[data-count]")) {
      mark.textContent = body.querySelectorAll(`.step:not(.fold)${mark.dataset.count}`).length || "";
    }
  };

  const show = (line) => {
    if (!finish(line)) {
      add(line);
    }
    counted();
  };

  const add = (line) => {
    const step = document.getElementById("live-step").content.firstElementChild.cloneNode(true);
    step.dataset.statement = line.statement;
    tell(step, line);
    step.querySelector("b").textContent = line.kind;
    step.querySelector("b").hidden = !line.kind;
    step.querySelector(".told").textContent = line.words;
    outcome(step.querySelector(".result"), line, line.outcome);
    const [, what, at] = step.children;
    [[line.text, line.shortened], [line.prepared, line.preparedShortened]]
      .filter(([parts]) => parts.length > 0)
      .forEach(([parts, shortened]) => what.append(written(parts, shortened)));
    at.querySelector("time").textContent = line.at;
    at.querySelector("span").textContent = `#${line.index}`;
    at.querySelector("small").textContent = line.statement || line.session;
    put(step, line);
    while (body.children.length > MOST) {
      body.lastElementChild.remove();
    }
  };

  // The tiles count what was recorded, whether the list is paused or not.
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const figures = new Map();
  for (const place of document.querySelectorAll("[data-figure]")) {
    const known = place.value === undefined ? Number(place.textContent.replace(/\D/g, "")) : place.value;
    figures.set(place.dataset.figure, Math.max(known, figures.get(place.dataset.figure) || 0));
  }
  const grow = (more) => {
    for (const [name, by] of Object.entries(more)) {
      figures.set(name, (figures.get(name) || 0) + by);
      for (const place of document.querySelectorAll(`[data-figure="${name}"]`)) {
        if (place.value === undefined) {
          place.textContent = number.format(figures.get(name));
        } else {
          place.value = figures.get(name);
        }
      }
    }
  };

  counted();
  pause.hidden = false;
  pause.addEventListener("click", () => {
    const pressed = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(pressed));
    if (!pressed) {
      waiting.forEach(show);
      waiting = [];
    }
  });

  const over = (event) => {
    const now = JSON.parse(event.data);
    const badge = document.getElementById("live-badge");
    badge.className = `state ${now.state} tone-plain`;
    badge.textContent = now.words;
    const title = document.getElementById("live-title");
    title.textContent = title.dataset.over;
    state.dataset.on = state.dataset.over;
    state.textContent = state.dataset.over;
    document.querySelectorAll("[data-while-open]").forEach((part) => part.remove());
  };

  const take = (event) => {
    const line = JSON.parse(event.data);
    next = line.index + 1;
    grow(line.more);
    if (pause.getAttribute("aria-pressed") === "true") {
      waiting.push(line);
    } else {
      show(line);
    }
  };

  let source;
  const connect = () => {
    source = new EventSource(`${body.dataset.stream}?from=${next}`);
    source.addEventListener("open", () => {
      pauseBefore = SOON;
      state.textContent = state.dataset.on;
    });
    source.addEventListener("error", () => {
      state.textContent = state.dataset.off;
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(connect, pauseBefore);
        pauseBefore = Math.min(2 * pauseBefore, SLOWEST);
      }
    });
    source.addEventListener("message", take);
    source.addEventListener("over", over);
  };
  connect();
  addEventListener("pagehide", () => source.close());
})();
