// Small things the pages share. No inline code: the content security policy forbids it.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit], input[data-submit]")) event.target.form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.ask;
  if (asked && !window.confirm(asked)) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    const search = document.querySelector("#tim") || document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});
