// The page as a learner will see it, beside the text: loaded again after a save, where it was scrolled to.
const PAUSE = 1500; // between two loads

export class Preview {
  constructor(frame) {
    Object.assign(this, { frame, timer: 0, scrolled: 0 });
    if (!frame) return;
    frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, this.scrolled));
    const widths = [...document.querySelectorAll("[data-preview-width]")];
    const choose = (chosen) => {
      frame.dataset.width = chosen.dataset.previewWidth;
      for (const other of widths) other.setAttribute("aria-pressed", String(other === chosen));
    };
    for (const one of widths) {
      one.hidden = false;
      one.addEventListener("click", () => choose(one));
    }
    if (widths.length) choose(widths.find((one) => one.getAttribute("aria-pressed") === "true") ?? widths[0]);
  }

  refresh(address) {
    if (!this.frame) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(address), PAUSE);
  }

  load(address) {
    try {
      if (this.frame.contentWindow.location.href === "about:blank") return; // not shown yet
      this.scrolled = this.frame.contentWindow.scrollY;
      this.frame.contentWindow.location.reload();
    } catch {
      this.frame.src = address || this.frame.src; // it went to another site
    }
  }
}
