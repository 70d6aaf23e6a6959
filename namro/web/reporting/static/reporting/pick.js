// Says which files were picked: the browser's own words are not always Vietnamese.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".pick input[type=file]")) return;
  const said = event.target.closest(".pick").parentElement.querySelector("[data-chosen]");
  if (said) said.textContent = [...event.target.files].map((f) => f.name).join("; ") || "Chưa chọn tệp.";
});
