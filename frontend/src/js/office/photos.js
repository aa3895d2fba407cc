// Photos that wait on the phone: in the device's own database, made small enough for a weak line.
import { change, rows } from "../device/db.js";

const WIDEST = 1600;
const QUALITY = 0.8;

/** Photos of a visit (by its key on this device) that were not sent yet. */
export const photosOf = (visit) => rows([...visit, "photo"]).catch(() => []);
export const addPhoto = (visit, photo) => change((put) => put([...visit, "photo", photo.id], photo));
export const removePhoto = (visit, id) => change((_put, drop) => drop([...visit, "photo", id]));

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
