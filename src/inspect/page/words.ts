/** Numbers and times as text for people. */

/** The time of day, by the user's clock. */
export const timeOf = (at: number): string => {
  const date = new Date(at);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => pad(n, 2));
  return `${hours}:${minutes}:${seconds}.${pad(date.getMilliseconds(), 3)}`;
};

/** A duration as text. The argument is in milliseconds; a negative value counts as zero. */
export const duration = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.floor(whole / 60)}:${pad(whole % 60, 2)} min` : `${Math.round(whole / 3600)} h`;
};

/** The digits of a number in groups of three. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');

const pad = (number: number, length: number): string => String(number).padStart(length, '0');
