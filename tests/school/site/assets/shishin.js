// A table wider than its box can be scrolled by the keyboard too; one that fits stays out of the way of the Tab key.
(() => {
  const boxes = document.querySelectorAll(".gl-box, .gl-picture");
  const watch = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth + 1) {
        target.tabIndex = 0;
        target.setAttribute("role", "region");
        target.setAttribute("aria-label", "横に動かして読む部分");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    }
  });
  for (const box of boxes) watch.observe(box);
})();
