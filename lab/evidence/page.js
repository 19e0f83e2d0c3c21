/* Filters and orders the attacks. Nothing of the page needs it to be read. */
(function () {
  'use strict';
  var form = document.getElementById('filter'), table = document.querySelector('table.attacks');
  if (form && table) {
    var rows = Array.from(table.querySelectorAll('tbody.attack'));
    var bodies = Array.from(table.tBodies);
    var texts = rows.map(function (r) { return r.textContent.toLowerCase(); });
    var buttons = Array.from(form.querySelectorAll('button'));

    var apply = function () {
      var shown = buttons.filter(function (b) { return b.getAttribute('aria-pressed') === 'true'; })
        .map(function (b) { return b.dataset.show; });
      var group = form.elements.group.value, n = 0;
      var words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      var groups = {};
      rows.forEach(function (r, i) {
        var yes = (!shown.length || shown.indexOf(r.dataset.verdict) >= 0) && (!group || r.dataset.group === group) &&
          words.every(function (w) { return texts[i].indexOf(w) >= 0; });
        r.classList.toggle('no-match', !yes);
        if (yes) {
          n++;
          groups[r.dataset.group] = true;
        }
      });
      var key = form.elements.order.value;
      bodies.forEach(function (b) {
        if (b.classList.contains('group'))
          b.classList.toggle('no-match', !!key || !groups[b.dataset.group]);
      });
      form.querySelector('output').textContent = n + ' of ' + rows.length + ' shown';
    };
    var order = function () {
      var key = form.elements.order.value, list = bodies;
      if (key) {
        var sign = key === 'ms' ? -1 : 1, worst = {fell: 0, invalid: 1, skipped: 2, held: 3};
        var value = function (r) { return key === 'ms' ? Number(r.dataset.ms) : worst[r.dataset.verdict]; };
        list = rows.slice().sort(function (a, b) { return sign * (value(a) - value(b)); });
      }
      list.forEach(function (b) { table.appendChild(b); });
      apply();
    };
    buttons.forEach(function (b) {
      b.addEventListener('click', function () {
        b.setAttribute('aria-pressed', String(b.getAttribute('aria-pressed') !== 'true'));
        apply();
      });
    });
    form.addEventListener('submit', function (e) { e.preventDefault(); });
    form.elements.group.addEventListener('change', apply);
    form.elements.words.addEventListener('input', apply);
    form.elements.order.addEventListener('change', order);
    form.hidden = false;
    apply();
  }

  /* Who follows a link to an attack wants to see all of it. */
  var open = function () {
    var at = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var more = at && at.querySelector && at.classList.contains('attack') && at.querySelector('details');
    if (at && at.classList.contains('no-match') && form) {
      form.reset();
      form.querySelectorAll('button').forEach(function (b) { b.setAttribute('aria-pressed', 'false'); });
      form.elements.order.dispatchEvent(new Event('change'));
      at.scrollIntoView();
    }
    if (more)
      more.open = true;
  };
  window.addEventListener('hashchange', open);
  open();
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('details').forEach(function (d) { d.open = true; });
  });
})();
