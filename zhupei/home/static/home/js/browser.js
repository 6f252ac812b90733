// Is this browser able to show our pages? Asked of what it can do, never of what it calls itself.
// Old browsers run this file too (nomodule), so: nothing here that they cannot read.
(function () {
  var page = window.Element && window.Element.prototype;
  var able =
    window.fetch && window.Promise && window.FormData && window.CSS && window.CSS.supports &&
    window.CSS.supports("display", "grid") && window.CSS.supports("color", "var(--ink)") &&
    page && page.closest && page.replaceChildren && String.prototype.replaceAll;
  if (!able) document.documentElement.setAttribute("data-browser", "old");
})();
