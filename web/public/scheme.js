// Before anything is painted: the colour scheme and language that this browser was told to keep.
(function () {
  var root = document.documentElement;
  var kept = null;
  try { kept = localStorage.getItem('mantine-color-scheme-value'); } catch (e) { /* storage may be forbidden */ }
  var dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  var language = null;
  try { language = localStorage.getItem('oficio-language'); } catch (e) { /* the browser's language, then */ }
  if (location.pathname === '/') root.setAttribute('data-at', 'home');
  root.lang = (language || navigator.language || 'en').slice(0, 2) === 'es' ? 'es' : 'en';
})();
