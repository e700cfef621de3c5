// The console works without this script. With it, pages follow what happens, pictures can be moved, and what cannot be
// taken back is asked for first.
"use strict";

// Parts that have an id and data-live are replaced by the same parts of the page as it is now.
async function refresh() {
  const answer = await fetch(location.href, { headers: { "Stepwell-Part": "live" }, credentials: "same-origin" });
  if (answer.redirected) { leave(answer.url); return false; }
  if (!answer.ok) throw new Error(answer.status);
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live][id]")) {
    const part = now.getElementById(old.id);
    if (!part || old.outerHTML === part.outerHTML || old.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) continue;
    keep(old, part);
    old.replaceWith(part);
  }
  arrange(document);
  return true;
}

// leave says that nobody is logged in any more, and leaves the page as it is: somebody may be typing.
function leave(login) {
  const notice = document.createElement("p"), link = document.createElement("a");
  notice.className = "notice failed"; notice.role = "alert";
  link.href = login; link.textContent = "Log in again";
  notice.append("You are not logged in any more, and this page does not change any more. ", link);
  document.querySelector("main").prepend(notice);
}

// keep carries over what the reader did: what is unfolded, where it is scrolled to, what has the focus.
function keep(old, part) {
  const open = new Set([...old.querySelectorAll("details[open][id]")].map((d) => d.id));
  for (const d of part.querySelectorAll("details[id]")) if (open.has(d.id)) d.open = true;
  const scrolled = [...old.querySelectorAll("[id]"), old].filter((e) => e.scrollTop || e.scrollLeft).map((e) => [e.id, e.scrollTop, e.scrollLeft]);
  const focus = old.contains(document.activeElement) && document.activeElement.id;
  requestAnimationFrame(() => {
    for (const [id, top, left] of scrolled) document.getElementById(id)?.scrollTo(left, top);
    if (focus) document.getElementById(focus)?.focus();
  });
}

// follow listens for news while the page can be seen: a browser gives one server few connections.
function follow(about, from) {
  let source, busy = false, again = false, over = false;
  const update = async () => {
    if (over) { source?.close(); return; }
    if (busy) { again = true; return; }
    busy = true;
    try { over ||= !await refresh(); } catch { setTimeout(update, 3000); } // the server is busy, or begins anew
    busy = false;
    if (again) { again = false; update(); }
  };
  const listen = () => {
    if (document.hidden) { source?.close(); source = undefined; return; }
    if (source || over) return;
    source = new EventSource("/console/live?of=" + encodeURIComponent(about) + "&from=" + from);
    source.addEventListener("change", (e) => { from = e.data; update(); });
    source.addEventListener("end", () => { update(); source.close(); });
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) update(); listen(); });
  listen();
}

// arrange gives pictures their buttons and their dragging.
function arrange(within) {
  for (const box of within.querySelectorAll("[data-zoom]:not([data-ready])")) {
    box.dataset.ready = "";
    zoomable(box);
  }
}

const zooms = new Map(); // by id, so that a replaced picture keeps its zoom

function zoomable(box) {
  const picture = box.querySelector("svg");
  if (!picture) return;
  const natural = picture.viewBox.baseVal.width;
  let factor = zooms.get(box.id) ?? 0; // 0: as it fits
  const show = () => {
    picture.style.maxWidth = factor ? "none" : "";
    picture.style.width = factor ? natural * factor + "px" : "";
    zooms.set(box.id, factor);
  };
  const zoom = (by) => { factor = Math.min(4, Math.max(0.2, (factor || picture.clientWidth / natural) * by)); show(); };
  const tools = document.createElement("div");
  tools.className = "zoom";
  for (const [text, label, act] of [["+", "Larger", () => zoom(1.25)], ["−", "Smaller", () => zoom(0.8)], ["Fit", "Fit into the window", () => { factor = 0; show(); }]]) {
    const button = document.createElement("button");
    button.type = "button"; button.textContent = text; button.setAttribute("aria-label", label); button.addEventListener("click", act);
    tools.append(button);
  }
  box.before(tools);
  if (box.previousElementSibling?.previousElementSibling?.className === "zoom") box.previousElementSibling.previousElementSibling.remove();
  box.addEventListener("wheel", (e) => { if (e.ctrlKey || e.metaKey) { e.preventDefault(); zoom(e.deltaY < 0 ? 1.1 : 0.9); } }, { passive: false });
  box.addEventListener("pointerdown", (e) => {
    if (e.button !== 0 || e.target.closest("a, button")) return;
    const from = [e.clientX + box.scrollLeft, e.clientY + box.scrollTop];
    const drag = (m) => box.scrollTo(from[0] - m.clientX, from[1] - m.clientY);
    box.setPointerCapture(e.pointerId);
    box.addEventListener("pointermove", drag);
    box.addEventListener("pointerup", () => box.removeEventListener("pointermove", drag), { once: true });
  });
  show();
  const chosen = box.querySelector(".chosen");
  if (chosen && !box.scrollTop) box.scrollTop = chosen.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
}

document.addEventListener("submit", (e) => {
  const question = e.submitter?.dataset.confirm ?? e.target.dataset.confirm;
  if (question && !confirm(question)) e.preventDefault();
});

// Ctrl and Enter send the form of an editor.
document.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches("textarea[data-submit]")) {
    e.preventDefault();
    e.target.form.requestSubmit(e.target.form.querySelector("button"));
  }
});

arrange(document);
if (document.body.dataset.liveOf) follow(document.body.dataset.liveOf, document.body.dataset.liveFrom);
