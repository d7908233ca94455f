// On the page for who is offline: looks now and then whether the server answers again, and then loads what was asked for.
(function () {
  if (location.pathname === '/offline.html') { location.replace('/'); return; } // nobody asked for it
  var pause = 2000; // ms
  var most = 30000;
  var again = function () { location.reload(); };
  var look = function () {
    var later = function () {
      pause = Math.min(most, pause * 2);
      setTimeout(look, pause);
    };
    if (document.visibilityState !== 'visible') { later(); return; }
    fetch('/healthz', { cache: 'no-store' }).then(function (answer) { if (answer.status < 500) again(); else later(); }, later);
  };
  setTimeout(look, pause);
  addEventListener('online', again);
  document.addEventListener('DOMContentLoaded', function () {
    var language = document.documentElement.lang;
    document.title = document.querySelector('h1 [lang=' + language + ']').textContent + ' · Oficio';
    document.getElementById('again').addEventListener('click', again);
  });
})();
