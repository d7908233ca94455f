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
  // The program itself did not come, most likely because a new version replaced it in this moment: the page is loaded
  // again, not more often than every 20 s (src/app/newVersion.ts).
  addEventListener('error', function (e) {
    var file = e.target.src || (e.target.rel === 'stylesheet' && e.target.href) || '';
    var begun = !document.querySelector('.shell'); // what is missing later is the program's own business
    if (begun || file.indexOf(location.origin + '/assets/') !== 0 || !navigator.onLine) return;
    try {
      if (Date.now() - Number(sessionStorage.getItem('oficio-afresh') || 0) < 20000) return;
      sessionStorage.setItem('oficio-afresh', String(Date.now()));
      location.reload();
    } catch (e) { /* without a memory it might go on for ever */ }
  }, true);
})();
