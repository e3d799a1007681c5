// Registers the service worker, which keeps the last answer for a phone without a connection.

const manifest = document.querySelector('link[rel="manifest"]');

if (manifest && "serviceWorker" in navigator) {
  // The address of the worker is beside the manifest: its scope is the portal and nothing else.
  navigator.serviceWorker.register(new URL("service-worker.js", manifest.href)).catch(() => {
    // A browser without storage works as before, with a connection.
  });
}
