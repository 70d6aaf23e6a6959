// Files dropped anywhere on the form go into its file input; the form stays an ordinary one.
// Several files are shown in the order they will be read, which can be changed.
const counted = new Intl.Collator("vi", { numeric: true });
const isAppendix = (name) => /^[^a-zà-ỹ]*(phụ lục|phu luc|pl[ ._-]*\d|biểu|bieu)/i.test(name);
const byName = (a, b) =>
  isAppendix(a.name) - isAppendix(b.name) || counted.compare(a.name, b.name);

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  const together = form.querySelector("[data-together]");
  const order = form.querySelector("[data-order]");
  const put = (files) => {
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    input.files = kept.files;
    show();
  };
  const button = (label, sign, off, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = sign;
    made.title = label;
    made.setAttribute("aria-label", label);
    made.disabled = off;
    made.addEventListener("click", act);
    return made;
  };
  const moved = (from, to) => {
    const files = [...input.files];
    files.splice(to, 0, ...files.splice(from, 1));
    put(files);
    order.children[to]?.querySelector("button:not(:disabled)")?.focus();
  };
  const show = () => {
    const files = [...input.files];
    const many = files.length > 1;
    chosen.textContent = many ? `${files.length} tệp` : files[0]?.name ?? "hoặc kéo thả vào khung này";
    together.hidden = order.hidden = !many;
    order.replaceChildren(...files.map((file, i) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = file.name;
      item.append(
        name,
        button(`Đưa “${file.name}” lên trước`, "↑", i === 0, () => moved(i, i - 1)),
        button(`Đưa “${file.name}” xuống sau`, "↓", i === files.length - 1, () => moved(i, i + 1)),
        button(`Bỏ “${file.name}”`, "×", false, () => put(files.filter((_, at) => at !== i))),
      );
      return item;
    }));
  };
  form.classList.add("scripted");
  chosen.hidden = false;
  show();
  input.addEventListener("change", () => put([...input.files].sort(byName)));
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = [...event.dataTransfer.files].sort(byName);
    if (!files.length) return;
    put(files);
    if (files.length === 1) form.requestSubmit();
  });
}
