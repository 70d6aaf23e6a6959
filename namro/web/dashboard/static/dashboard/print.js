// The print button: the content security policy allows no inline handler.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// What is folded on the screen is unfolded on paper.
window.addEventListener("beforeprint", () => document.querySelectorAll("details.tasks").forEach((d) => { d.open = true; }));
