// Files dropped anywhere on the form go into its file input; the form stays an ordinary one.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  const names = () => {
    const files = [...input.files].map((file) => file.name);
    chosen.textContent = files.length ? files.join(", ") : "hoặc kéo thả vào khung này";
  };
  form.classList.add("scripted");
  chosen.hidden = false;
  names();
  input.addEventListener("change", names);
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    names();
    form.requestSubmit();
  });
}
