// The resident's own RT, remembered on this phone only.

const key = (base) => `mikrozonasi.rt:${base}`;

/** Code and name of the remembered RT; null for none. */
export function recall(base) {
  try {
    const { code, name } = JSON.parse(localStorage.getItem(key(base))) ?? {};
    return typeof code === "string" && typeof name === "string" ? { code, name } : null;
  } catch {
    return null;
  }
}

/** Remember an RT; whether the browser keeps it. */
export function remember(base, { code, name }) {
  try {
    localStorage.setItem(key(base), JSON.stringify({ code, name }));
    return true;
  } catch {
    return false;
  }
}

export function forget(base) {
  // The pages that the service worker keeps may show the RT.
  globalThis.caches?.delete(`mikrozonasi ${base}/ pages`).catch(() => {});
  try {
    localStorage.removeItem(key(base));
  } catch {
    // A browser that stores nothing has nothing to forget.
  }
}
