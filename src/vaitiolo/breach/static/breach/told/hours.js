// When a help line is open, on clocks in Helsinki, whatever clock this device shows.
// The same as notices/hours.py; what is not known is not open.
"use strict";
{
  const told = (globalThis.told ??= {});
  const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const SPAN = /^([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)$/;
  const FIXED = ["1-1", "1-6", "5-1", "12-6", "12-24", "12-25", "12-26"];
  const AFTER_EASTER = [-2, 0, 1, 39, 49];
  const DAY = 86_400_000;
  const CLOCK = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Helsinki",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });

  const dayOf = (year, month, day) => Date.UTC(year, month - 1, day) / DAY;
  // 1970-01-01 was a Thursday.
  const weekday = (day) => (((day + 3) % 7) + 7) % 7;
  const saturdayFrom = (day) => day + ((5 - weekday(day) + 7) % 7);

  function easter(year) {
    const golden = year % 19;
    const century = Math.floor(year / 100);
    const rest = year % 100;
    const moon = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
    const epact = (19 * golden + century - Math.floor(century / 4) - moon + 15) % 30;
    const week = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
    const late = Math.floor((golden + 11 * epact + 22 * week) / 451);
    const sum = epact + week - 7 * late + 114;
    return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1);
  }

  function isDayOff(year, month, date) {
    const day = dayOf(year, month, date);
    const midsummer = saturdayFrom(dayOf(year, 6, 20));
    return (
      FIXED.includes(`${month}-${date}`) ||
      AFTER_EASTER.includes(day - easter(year)) ||
      [midsummer - 1, midsummer, saturdayFrom(dayOf(year, 10, 31))].includes(day)
    );
  }

  told.isOpen = (spans, at = new Date()) => {
    const parts = Object.fromEntries(CLOCK.formatToParts(at).map((one) => [one.type, one.value]));
    const [year, month, date] = [Number(parts.year), Number(parts.month), Number(parts.day)];
    const today = weekday(dayOf(year, month, date));
    const time = `${parts.hour}:${parts.minute}`;
    return spans.some((span) => {
      if (span === "always") return true;
      const found = SPAN.exec(span);
      if (!found || isDayOff(year, month, date)) return false;
      const [first, last] = [DAYS.indexOf(found[1]), DAYS.indexOf(found[2] ?? found[1])];
      return first <= today && today <= last && found[3] <= time && time < found[4];
    });
  };
}
