// Photos that wait on the phone: in the browser's own database, made small enough for a weak line.
const WIDEST = 1600;
const QUALITY = 0.8;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function photos(mode) {
  const open = indexedDB.open("hv-visits", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("photos", { keyPath: "id" }).createIndex("visit", "visit");
  return (await asked(open)).transaction("photos", mode).objectStore("photos");
}

/** Photos of a visit that were not sent yet. */
export async function photosOf(visit) {
  try {
    return await asked((await photos("readonly")).index("visit").getAll(visit));
  } catch {
    return [];
  }
}

export const addPhoto = async (photo) => asked((await photos("readwrite")).put(photo));
export const removePhoto = async (id) => asked((await photos("readwrite")).delete(id));

/** Forget all photos of a visit. */
export async function dropPhotos(visit) {
  for (const photo of await photosOf(visit)) await removePhoto(photo.id);
}

/** A photo no wider or higher than 1,600 dots, as JPEG; without what the camera wrote about place and time. */
export async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY))) ?? file;
  } catch {
    return file;
  }
}
