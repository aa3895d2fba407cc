// Paper shows what is folded on the screen.
/** Unfold everything while the page is printed. */
export function unfoldForPrint() {
  let folded = [];
  const unfold = () => {
    folded.push(...document.querySelectorAll("details:not([open])"));
    for (const details of folded) details.open = true;
  };
  const fold = () => {
    for (const details of folded) details.open = false;
    folded = [];
  };
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", fold);
}
