// Vietnamese numbers and days, read as the server reads them: exact, nothing guessed.
(() => {
  "use strict";
  const NUMBER = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:,\d+)?$/;
  const DAY = /^(?:ngày )?(\d{1,2})(?:[/.-]| tháng )(\d{1,2})(?:[/.-]| năm )(\d{4})$/i;
  const SCALE = 8;

  const tidy = (text) => text.normalize("NFC").replace(/[\s\u00a0\u200b\ufeff]+/g, " ").trim();

  // "1.035" or "32,5" or a canonical "32.5" (canonical = true) → whole BigInt of 10^-8; null when none.
  const scaled = (text, canonical = false) => {
    let raw = tidy(text);
    if (canonical) {
      if (!/^-?\d+(\.\d+)?$/.test(raw)) return null;
    } else {
      if (!NUMBER.test(raw)) return null;
      raw = raw.replace(/[. ]/g, "").replace(",", ".");
    }
    const [whole, rest = ""] = raw.replace(/^[+-]/, "").split(".");
    const value = BigInt(whole + rest.padEnd(SCALE, "0").slice(0, SCALE));
    return raw.startsWith("-") ? -value : value;
  };

  const decimals = (text) => {
    const rest = tidy(text).split(",")[1] || "";
    return rest.replace(/0+$/, "").length;
  };

  const shown = (value) => {
    const whole = (value < 0n ? -value : value).toString().padStart(SCALE + 1, "0");
    const grouped = whole.slice(0, -SCALE).replace(/\B(?=(\d{3})+(?!\d))/g, ".");
    const rest = whole.slice(-SCALE).replace(/0+$/, "");
    return (value < 0n ? "-" : "") + grouped + (rest ? "," + rest : "");
  };

  const isDay = (text) => {
    const raw = tidy(text);
    if (raw === "0") return true;
    const found = DAY.exec(raw);
    if (!found) return false;
    const [day, month, year] = found.slice(1).map(Number);
    const made = new Date(Date.UTC(year, month - 1, day));
    return year >= 1900 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  };

  window.namroNumbers = { tidy, scaled, decimals, shown, isDay };
})();
