// The service worker of the portal: keeps the shell and the last answer, and says how old it is.
//
// The server writes the line before this one: `const PORTAL = {base, release, shell, texts}`. Every
// response is kept under its own address and answers only that address. Kept are the first page, the
// last pages of an RT, and the files these pages need; nothing with a day in its address, nothing
// that was sent with POST, nothing that the server forbids to store.
"use strict";

const NAMES = `mikrozonasi ${PORTAL.base}/ `; // another portal on this site has other names
const SHELL = `${NAMES}shell ${PORTAL.release}`;
const PAGES = `${NAMES}pages`;
const FILES = `${NAMES}files`;
const MOST_PAGES = 4;
const KEPT_FILES = ["/names/", "/colours/", "/picture/"];
const GATEWAY_ERRORS = [502, 503, 504];

const within = (url) => url.pathname.slice(PORTAL.base.length);
const isOwn = (url) => url.origin === self.location.origin && url.pathname.startsWith(`${PORTAL.base}/`);
const isAsset = (url) => within(url).startsWith(`/assets/${PORTAL.release}/`) || within(url) === "/logo";
const kindOf = (url) => KEPT_FILES.find((kind) => within(url).startsWith(kind));
const isKeptPage = (url) => /^\/(rt\/[^/]+)?$/.test(within(url)) && [...url.searchParams.keys()].every((name) => name === "lang");

function mayKeep(answer) {
  const rule = answer.headers.get("Cache-Control") ?? "";
  return answer.status === 200 && answer.type === "basic" && !answer.redirected && !rule.includes("no-store");
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shell = await caches.open(SHELL);
    await shell.addAll(PORTAL.shell);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(`${NAMES}shell `) && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await forgetOldPages();
    await self.clients.claim();
  })());
});

/** A page of an earlier release would have no style and no scripts: these were in the old shell. */
async function forgetOldPages() {
  const cache = await caches.open(PAGES);
  for (const one of await cache.keys()) {
    const html = await (await cache.match(one)).text();
    if (!html.includes(`/assets/${PORTAL.release}/`)) await cache.delete(one);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !isOwn(url)) return;
  if (request.mode === "navigate") event.respondWith(page(event, request, url));
  else if (isAsset(url)) event.respondWith(kept(event, SHELL, request));
  else if (kindOf(url)) event.respondWith(kept(event, FILES, request, kindOf(url)));
});

/** A file whose address changes with its content: from the phone if it is there. */
async function kept(event, name, request, kind) {
  const cache = await caches.open(name);
  const stored = await cache.match(request);
  if (stored) return stored;
  const answer = await fetch(request);
  if (mayKeep(answer) && !request.url.includes("/latest")) {
    event.waitUntil(keep(cache, request, answer.clone(), kind).catch(() => {}));
  }
  return answer;
}

/** One file of a kind is kept: that of the newest day. */
async function keep(cache, request, answer, kind) {
  if (kind) {
    const before = (await cache.keys()).filter((one) => kindOf(new URL(one.url)) === kind);
    await Promise.all(before.map((one) => cache.delete(one)));
  }
  await cache.put(request, answer);
}

async function page(event, request, url) {
  let answer = null;
  try {
    answer = await fetch(request);
  } catch {
    // No connection.
  }
  if (answer && !GATEWAY_ERRORS.includes(answer.status)) {
    if (isKeptPage(url) && mayKeep(answer)) {
      event.waitUntil(keepPage(url, answer.clone()).catch(() => {}));
    }
    return answer;
  }
  const cache = await caches.open(PAGES);
  const stored = isKeptPage(url) ? await cache.match(url.href) : undefined;
  if (stored) return withAge(stored);
  return answer ?? nothingKept(url, await cache.keys());
}

async function keepPage(url, answer) {
  const cache = await caches.open(PAGES);
  await cache.delete(url.href);
  await cache.put(url.href, answer);
  const pages = await cache.keys(); // in the order in which they were kept
  await Promise.all(pages.slice(0, Math.max(0, pages.length - MOST_PAGES)).map((one) => cache.delete(one)));
}

/** A kept page, with a line that says when it came. */
async function withAge(stored) {
  const html = await stored.text();
  const language = /<html lang="en"/.test(html) ? "en" : "id";
  const moment = new Date(stored.headers.get("Date"));
  const when = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { dateStyle: "full", timeStyle: "short" });
  const age = Number.isNaN(moment.getTime()) ? "" : when.format(moment);
  const line = `<p class="band" role="status">${PORTAL.texts.kept[language].replace("{when}", age)}</p>`;
  const headers = Object.fromEntries(["Content-Type", "Content-Security-Policy", "Date"].map((name) => [name, stored.headers.get(name) ?? ""]));
  return new Response(html.replace("<main", `${line}<main`), { status: 200, headers: headers });
}

/** The answer for a page that is not kept; it is made here and kept nowhere. */
function nothingKept(url, pages) {
  const language = url.searchParams.get("lang") === "en" ? "en" : "id";
  const texts = PORTAL.texts;
  const links = pages.map((one) => {
    const address = escaped(new URL(one.url).pathname + new URL(one.url).search);
    return `<li><a href="${address}">${address}</a></li>`;
  });
  const body = `<!DOCTYPE html><html lang="${language}"><meta charset="utf-8">`
    + `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${texts.offline[language]}</title>`
    + `<link rel="stylesheet" href="${PORTAL.style}"><main><article class="card"><h1>${texts.offline[language]}</h1>`
    + `<p>${texts.not_kept[language]}</p>${links.length ? `<ul>${links.join("")}</ul>` : ""}</article></main></html>`;
  const policy = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'";
  return new Response(body, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Cache-Control": "no-store" } });
}

const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
