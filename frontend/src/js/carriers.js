// What carries a signed credential: JSON, the PDF it is attached to, the PNG it is baked into. As the server reads them
// (hocvuso/credentials/carriers.py); of a PDF only what our own printing writes, everything else is left to the server.
const KEYWORD = "openbadgecredential\0";
const MOST = 100_000;

// A letter a byte; not all are those of Latin-1, but the ones looked for are.
const letters = (bytes) => new TextDecoder("latin1").decode(bytes);
const utf8 = (bytes) => new TextDecoder().decode(bytes);

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    parts.push(value);
    if ((size += value.length) > MOST) throw new Error("too large");
  }
}

async function bakedIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const size = view.getUint32(at);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (letters(bytes.subarray(at + 4, at + 8)) === "iTXt" && letters(body.subarray(0, KEYWORD.length)) === KEYWORD) {
      const [packed] = body.subarray(KEYWORD.length);
      let from = KEYWORD.length + 2;
      for (let ends = 0; ends < 2 && from < body.length; from++) if (body[from] === 0) ends++;
      const text = body.subarray(from);
      return utf8(packed ? await unpacked(text) : text);
    }
    at += 12 + size;
  }
  return null;
}

async function attachedTo(bytes) {
  const text = letters(bytes);
  const found = new Set();
  for (const { index } of text.matchAll(/\/Type ?\/EmbeddedFile\b/g)) {
    const from = text.lastIndexOf(" obj", index);
    const start = /stream\r?\n/g;
    start.lastIndex = index;
    const opens = start.exec(text);
    if (from < 0 || !opens) continue;
    const head = text.slice(from, opens.index);
    const length = Number(/\/Length (\d+)(?! \d+ R)/.exec(head)?.[1]);
    if (!length) continue;
    const body = bytes.subarray(start.lastIndex, start.lastIndex + length);
    found.add(utf8(head.includes("/FlateDecode") ? await unpacked(body) : body));
  }
  return found.size === 1 ? [...found][0] : null;
}

/** [text of the credential, kind of file]; the text is null where there is none, or the server has to look. */
export async function carried(bytes) {
  const head = letters(bytes.subarray(0, 1024));
  try {
    if (head.slice(1, 8) === "PNG\r\n\x1a\n") return [await bakedIn(bytes), "picture"];
    if (head.includes("%PDF-")) return [await attachedTo(bytes), "pdf"];
  } catch {
    return [null, "broken"];
  }
  return [/^(\xff\xd8\xff|GIF8|RIFF|BM)/.test(head) || head.slice(4, 8) === "ftyp" ? null : utf8(bytes), "json"];
}
