// Runs before the first paint, so that a stored dark theme does not flash white. A file of its own because the
// server's policy allows no inline scripts.
(() => {
  let stored = null;
  try {
    stored = localStorage.getItem('meshwise-theme');
  } catch {
    // Storage is blocked: the system's preference decides.
  }
  const dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
