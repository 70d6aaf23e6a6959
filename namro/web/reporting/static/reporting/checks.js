// Walks through the rules that the page carries as data (form_checks.py): the server's own words,
// patterns and limits. Exact: a figure is a whole BigInt of 10^-40.
(() => {
  "use strict";
  const SCALE = 40, ONE = 10n ** BigInt(SCALE);
  const tidy = (text) => text.normalize("NFC").replace(/[\s\u0000-\u001f\u007f\u0085\u00a0\u200b\ufeff]+/g, " ").trim();
  const fold = (text) => tidy(text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "")).toLowerCase();
  const size = (value) => (value < 0n ? -value : value);

  // "1.035", "32,5" as typed, or a canonical "32.5" → BigInt.
  const scaled = (text, canonical = false) => {
    const raw = (canonical ? text : text.replace(/[. ]/g, "").replace(",", ".")).replace(/^\+/, "");
    const [whole, rest = ""] = raw.replace("-", "").split(".");
    const value = BigInt(whole + rest.padEnd(SCALE, "0").slice(0, SCALE));
    return raw.startsWith("-") ? -value : value;
  };
  const rest = (value) => (size(value) % ONE).toString().padStart(SCALE, "0").replace(/0+$/, "");
  const shown = (value) => {
    const grouped = (size(value) / ONE).toString().replace(/\B(?=(\d{3})+(?!\d))/g, "."), after = rest(value);
    return (value < 0n ? "-" : "") + grouped + (after ? "," + after : "");
  };
  const day = (value) => {
    const digits = (value / ONE).toString().padStart(8, "0"), month = Number(digits.slice(4, 6));
    const on = Number(digits.slice(6)), two = (n, least) => (n < least ? "0" + n : String(n));
    return `${two(on, 10)}/${two(month, 3)}/${Number(digits.slice(0, 4))}`;
  };
  const put = (words, told) => words.replace(/\{(\w+)\}/g, (_, name) => told[name]);

  const checker = (rules) => {
    const find = (name, flags) => new RegExp(`^(?:${rules.patterns[name]})$`, flags);
    const NUMBER = find("number", ""), WRITTEN = find("written_day", "iu"), ISO = find("iso_day", "");
    const mends = rules.mends.map(([pattern, words]) => [new RegExp(pattern, "u"), words]);
    const rows = new Map(rules.rows.map((row) => [row.slug, row]));
    const cut = (text, most = rules.most.cut) => { const signs = [...text]; return signs.length <= most ? text : signs.slice(0, most - 1).join("") + "…"; };
    const say = (word, told = {}) => rules.words[word].map((words) => put(words, told)).join(" ");
    const wrong = (word, told) => ({ value: null, errors: [say(word, told)], notices: [] });

    const mend = (text) => {
      for (const [pattern, words] of mends) {
        const found = pattern.exec(text);
        if (found) return put(words, { part: found[1] || "", comma: text.replaceAll(".", ",") });
      }
      return "";
    };
    const figure = (text, row) => {
      if (!NUMBER.test(text)) return wrong("NOT_A_NUMBER", { text: cut(text), mend: mend(text) });
      if ([...text].length > rules.most.signs) return wrong("TOO_LONG", { text: cut(text, rules.most.shown) });
      const value = scaled(text), digits = row.digits || 0, told = { shown: cut(shown(value), rules.most.shown) };
      const least = scaled(row.least || "0", true), most = row.most === undefined ? null : scaled(row.most, true);
      if (size(value) >= 10n ** BigInt(Math.min(rules.most.whole, rules.most.digits - digits)) * ONE) return wrong("ABOVE_ALL", told);
      const errors = [], notices = [];
      if (value < 0n && least >= 0n) errors.push(say("NEGATIVE", told));
      else if (value < least) errors.push(say("BELOW_LIMIT", { ...told, limit: shown(least) }));
      if (most !== null && value > most) errors.push(say("ABOVE_LIMIT", { ...told, limit: shown(most) }));
      const count = rest(value).length;
      if (count > digits) errors.push(say("TOO_MANY_DECIMALS", { ...told, count, allowed: put(rules.allowed[digits > 0 ? 1 : 0], { digits }) }));
      else if (row.percent && value > 0n && value < ONE) notices.push(put(rules.words.SMALL_PERCENTAGE[0], { ...told, hundredfold: shown(value * 100n) }));
      return { value: errors.length ? null : value, errors, notices };
    };
    const date = (text, row) => {
      if (text === "0") return { value: 0n, errors: [], notices: [] };
      const written = WRITTEN.exec(text), found = written || ISO.exec(text);
      if (!found) return wrong("NOT_A_DATE", { text: cut(text) });
      const parts = found.slice(1).map(Number), [year, month, on] = written ? parts.reverse() : parts;
      const made = new Date(Date.UTC(2000, 0, 1));
      made.setUTCFullYear(year, month - 1, on);
      if (!year || made.getUTCMonth() !== month - 1 || made.getUTCDate() !== on) return wrong("NO_SUCH_DATE", { text });
      const value = BigInt(year * 10000 + month * 100 + on) * ONE, errors = [];
      const least = scaled(row.least || "0", true), most = row.most === undefined ? null : scaled(row.most, true);
      if (value < least) errors.push(say("BEFORE_LIMIT", { shown: day(value), limit: day(least) }));
      if (most !== null && value > most) errors.push(say("AFTER_LIMIT", { shown: day(value), limit: day(most) }));
      return { value: errors.length ? null : value, errors, notices: [] };
    };
    const choice = (text, row) => {
      const place = row.choices.findIndex((words) => fold(words) === fold(text));
      if (place >= 0) return { value: BigInt(place + 1) * ONE, errors: [], notices: [] };
      return wrong("NOT_A_CHOICE", { text: cut(text), known: row.choices.map((words) => `“${words}”`).join(", ") });
    };
    const read = (typed, row) => {
      const by = { number: figure, date, choice }[row.kind], text = tidy(typed || "");
      if (!text) return { value: null, errors: [], notices: [] };
      if (row.nothing && rules.nothing.includes(fold(text))) return { value: 0n, errors: [], notices: [], nothing: true };
      return by(text, row);
    };

    const jump = (row, value) => {
      const before = scaled(row.before, true);
      if (row.kind === "date") return before && value !== before ? put(rules.words.other_day[0], { before: day(before) }) : "";
      if (row.kind === "choice" || !before) return "";
      const change = value - before, whole = size(before);
      if (size(change) * ONE <= whole * scaled(rules.jump, true)) return "";
      const percent = (size(change) * 200n + whole) / (whole * 2n);
      return put(rules.words.jump[0], { before: shown(before), way: rules.words[change > 0n ? "up" : "down"][0], percent: shown(percent * ONE) });
    };

    // texts: slug → what stands in its field; notes: slug → its note. → {errors, questions} by slug.
    return (texts, notes) => {
      const errors = {}, questions = {}, read_ = new Map([...rows].map(([slug, row]) => [slug, read(texts[slug], row)]));
      const add = (where, slug, text) => { if (text) (where[slug] ||= []).push(text); };
      const value = (slug) => read_.get(slug)?.value ?? null;
      const filled = (slug) => tidy(texts[slug] || "") !== "";
      for (const [slug, row] of rows) {
        const own = read_.get(slug), whole = row.whole && rows.get(row.whole), mark = row.mark && rows.get(row.mark);
        own.errors.forEach((text) => add(errors, slug, text));
        if (filled(slug)) own.notices.forEach((text) => add(questions, slug, text));
        if (whole && own.value !== null && value(row.whole) !== null && own.value > value(row.whole))
          add(errors, slug, put(rules.words.ceiling[0], { part: shown(own.value), whole: shown(value(row.whole)), title: whole.title }));
        if (mark) {
          const said = value(row.mark), bad = read_.get(row.mark).errors.length > 0;
          if (own.value !== null && said === null && !bad) add(errors, row.mark, put(rules.words.no_mark[0], { value: shown(own.value), marks: rules.marks.join(", ") }));
          else if (own.value === null && said !== null) add(errors, row.mark, rules.words.mark_alone[0]);
          else if (said !== null && said > BigInt(rules.estimate) * ONE && !(notes[row.mark] || "").trim()) add(errors, row.mark, rules.words.no_paper[0]);
        }
        if (own.value !== null && !own.nothing && row.before !== undefined) add(questions, slug, jump(row, own.value));
      }
      return { errors, questions };
    };
  };
  window.namroChecks = { checker, tidy, put };
})();
