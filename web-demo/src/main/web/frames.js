/** Measures how evenly the page paints: the time from each frame to the next. */

/** A gap that is longer is one that people see. */
export const LONG_GAP_MILLIS = 50;

const BAR_WIDTH = 3;
const TOP_MILLIS = 60;

export class FrameMeter {
  #canvas;
  #running = false;
  #last;
  #gaps = [];
  #summary = { frames: 0, longest: 0, long: 0 };
  #colors;

  /** @param {HTMLCanvasElement} canvas where the last frames are drawn as bars */
  constructor(canvas) {
    this.#canvas = canvas;
    // Nothing is painted while the page is hidden, which is no stutter.
    document.addEventListener('visibilitychange', () => (this.#last = undefined));
  }

  start() {
    this.#running = true;
    this.#last = undefined;
    this.#gaps = [];
    this.#summary = { frames: 0, longest: 0, long: 0 };
    this.#canvas.width = this.#canvas.clientWidth;
    const style = getComputedStyle(this.#canvas);
    this.#colors = { even: style.color, long: style.outlineColor, line: style.borderTopColor };
    requestAnimationFrame((now) => this.#frame(now));
  }

  /** @returns {{frames: number, longest: number, long: number}} gaps in ms; `long` counts those that people see */
  stop() {
    this.#running = false;
    return this.#summary;
  }

  get summary() {
    return this.#summary;
  }

  #frame(now) {
    if (!this.#running) {
      return;
    }
    if (this.#last !== undefined) {
      const gap = now - this.#last;
      const { frames, longest, long } = this.#summary;
      this.#summary = { frames: frames + 1, longest: Math.max(longest, gap), long: long + (gap > LONG_GAP_MILLIS ? 1 : 0) };
      this.#gaps.push(gap);
      this.#draw();
    }
    this.#last = now;
    requestAnimationFrame((next) => this.#frame(next));
  }

  #draw() {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext('2d');
    const room = Math.floor(width / BAR_WIDTH);
    this.#gaps.splice(0, this.#gaps.length - room);
    context.clearRect(0, 0, width, height);
    this.#gaps.forEach((gap, i) => {
      const bar = Math.min(height, (gap / TOP_MILLIS) * height);
      context.fillStyle = gap > LONG_GAP_MILLIS ? this.#colors.long : this.#colors.even;
      context.fillRect(i * BAR_WIDTH, height - bar, BAR_WIDTH - 1, bar);
    });
    context.fillStyle = this.#colors.line;
    context.fillRect(0, height * (1 - LONG_GAP_MILLIS / TOP_MILLIS), width, 1);
  }
}
