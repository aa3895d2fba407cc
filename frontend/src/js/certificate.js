// The page of one's certificate: hands the picture to whatever the device shares with (Zalo, messages, a printer).
const button = document.querySelector("[data-share]");

async function picture() {
  const answer = await fetch(button.dataset.share);
  if (!answer.ok) throw new Error(String(answer.status));
  return new File([await answer.blob()], "chung-nhan.png", { type: "image/png" });
}

if (button && navigator.canShare?.({ files: [new File([""], "a.png", { type: "image/png" })] })) {
  let ready = null; // fetched as soon as a hand comes near: sharing must follow the tap at once
  const prepare = () => (ready ??= picture().catch(() => (ready = null)));
  button.hidden = false;
  button.addEventListener("pointerdown", prepare);
  button.addEventListener("focus", prepare);
  button.addEventListener("click", async () => {
    const file = await prepare();
    if (!file) return location.assign(button.dataset.share);
    await navigator.share({ files: [file], title: document.title }).catch(() => {}); // closed again: nothing to say
  });
}
